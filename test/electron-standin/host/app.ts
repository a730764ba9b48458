import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startChromium } from './chromium.ts';
import { commandLine } from './command-line.ts';
import { config } from './config.ts';
import { type InstanceLock, takeInstanceLock } from './instance-lock.ts';
import { lifecycle } from './lifecycle.ts';
import { record } from './recorder.ts';
import { notImplemented, StandinEvent, StrictEmitter, strict } from './unimplemented.ts';

const raised = [
  'will-finish-launching',
  'ready',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  'activate',
  'second-instance',
  'open-url',
  'web-contents-created',
  'browser-window-created',
  'browser-window-focus',
  'browser-window-blur',
  'child-process-gone',
  'render-process-gone',
];
const inert = [
  'open-file',
  'continue-activity',
  'will-continue-activity',
  'certificate-error',
  'select-client-certificate',
  'login',
  'session-created',
  'accessibility-support-changed',
  'gpu-info-update',
  'did-become-active',
  'did-resign-active',
  'new-window-for-tab',
];

type Manifest = { name?: string; productName?: string; version?: string };

function readManifest(): Manifest {
  try {
    return JSON.parse(readFileSync(join(config.appPath, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

/** The life of the process: paths, the single instance, ready, quit. */
class App extends StrictEmitter {
  readonly commandLine = commandLine;
  readonly isPackaged = false;
  userAgentFallback = '';
  accessibilitySupportEnabled = false;
  applicationMenu: object | null = null;
  closeAllWindows: () => void = () => {};
  destroyAllWindows: () => void = () => {};
  countWindows: () => number = () => 0;
  #manifest = readManifest();
  #name = this.#manifest.productName ?? this.#manifest.name ?? 'Electron';
  #paths = new Map<string, string>();
  #lock: InstanceLock | undefined;
  #badge = 0;
  #exitCode = 0;
  #exiting = false;
  #protocols = new Set<string>();
  #ready = Promise.withResolvers<void>();

  constructor() {
    super('app', raised, inert);
    const home = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
    this.#paths = new Map([
      ['home', homedir()],
      ['appData', home],
      ['userData', config.userDataDir],
      ['temp', tmpdir()],
      ['exe', process.execPath],
      ['module', process.execPath],
      ['assets', dirname(process.execPath)],
      ...['desktop', 'documents', 'downloads', 'music', 'pictures', 'videos'].map((name): [string, string] => [
        name,
        join(homedir(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`),
      ]),
    ]);
    lifecycle.startBrowser = () => {
      lifecycle.browser ??= startChromium(config.chromiumPath, this.getPath('userData'), config.locale).then(
        (browser) => {
          browser.connection.closed.then(() => this.#browserGone());
          return browser;
        },
      );
      return lifecycle.browser;
    };
  }

  // identity and places
  getName(): string {
    return this.#name;
  }
  setName(name: string): void {
    this.#name = name;
  }
  get name(): string {
    return this.#name;
  }
  set name(name: string) {
    this.#name = name;
  }
  getVersion(): string {
    return this.#manifest.version ?? process.versions.node;
  }
  getAppPath(): string {
    return config.appPath;
  }
  getPath(name: string): string {
    const userData = this.#paths.get('userData') ?? config.userDataDir;
    const derived: { readonly [name: string]: string } = {
      sessionData: userData,
      logs: join(userData, 'logs'),
      crashDumps: join(userData, 'Crashpad'),
    };
    const path = this.#paths.get(name) ?? derived[name];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  setPath(name: string, path: string): void {
    this.getPath(name);
    record('app.setPath', { name, path });
    this.#paths.set(name, path);
  }
  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? this.getPath('logs'));
  }
  getLocale(): string {
    return lifecycle.ready ? config.locale : '';
  }
  getSystemLocale(): string {
    return config.locale;
  }
  getLocaleCountryCode(): string {
    return config.locale.split('-')[1] ?? '';
  }
  getPreferredSystemLanguages(): string[] {
    return [config.locale];
  }

  // one instance
  requestSingleInstanceLock(data: unknown = null): boolean {
    if (this.#lock !== undefined) return true;
    const userData = this.getPath('userData');
    mkdirSync(userData, { recursive: true });
    const mine = { argv: [...process.argv], cwd: process.cwd(), data };
    this.#lock = takeInstanceLock(userData, mine, (other) => this.secondInstance(other.argv, other.cwd, other.data));
    record('app.requestSingleInstanceLock', { got: this.#lock !== undefined });
    // The profile is free now, so the browser may start while main is still being loaded.
    if (this.#lock !== undefined) lifecycle.startBrowser().catch(() => {});
    return this.#lock !== undefined;
  }
  hasSingleInstanceLock(): boolean {
    return this.#lock !== undefined;
  }
  releaseSingleInstanceLock(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }
  secondInstance(argv: readonly string[], cwd: string, data: unknown): void {
    record('second-instance', { argv, cwd });
    // Electron raises it only once the app is ready.
    this.whenReady()
      .then(() => this.emit('second-instance', new StandinEvent(), [...argv], cwd, data))
      .catch(() => {});
  }

  // ready and quit
  isReady(): boolean {
    return lifecycle.ready;
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  /** Called once main's entry has been evaluated to its end, top-level awaits included: Electron waits for that too. */
  async becomeReady(): Promise<void> {
    // An app that quits while it is being loaded never becomes ready.
    if (this.#exiting || lifecycle.quitting) return;
    await lifecycle.startBrowser();
    if (this.#exiting || lifecycle.quitting) return;
    this.emit('will-finish-launching');
    lifecycle.ready = true;
    record('ready');
    this.emit('ready', new StandinEvent(), {});
    this.#ready.resolve();
  }
  quit(): void {
    if (this.#exiting || lifecycle.quitting) return;
    const event = new StandinEvent();
    this.emit('before-quit', event);
    record('before-quit', { prevented: event.defaultPrevented });
    if (event.defaultPrevented) return;
    lifecycle.quitting = true;
    if (this.countWindows() === 0) setImmediate(() => this.#willQuit());
    else this.closeAllWindows();
  }
  exit(code = 0): void {
    if (this.#exiting) return;
    this.#exitCode = code;
    // Before the windows go: their going must not look like the user closing the last one.
    this.#exiting = true;
    this.destroyAllWindows();
    this.#end();
  }
  relaunch(options: object = {}): void {
    record('app.relaunch', { options });
  }
  windowClosed(left: number): void {
    if (left > 0 || this.#exiting) return;
    if (lifecycle.quitting) {
      setImmediate(() => this.#willQuit());
      return;
    }
    record('window-all-closed', { heard: this.listenerCount('window-all-closed') > 0 });
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }
  #willQuit(): void {
    if (this.#exiting || !lifecycle.quitting) return;
    const event = new StandinEvent();
    this.emit('will-quit', event);
    record('will-quit', { prevented: event.defaultPrevented });
    if (event.defaultPrevented) lifecycle.quitting = false;
    else this.#end();
  }
  #end(): void {
    this.#exiting = true;
    record('quit', { exitCode: this.#exitCode });
    this.emit('quit', new StandinEvent(), this.#exitCode);
    this.#lock?.release();
    // Chromium writes its storage when asked to close; its pipe ends it if it does not hurry.
    const closing = lifecycle.browser?.then(({ connection }) =>
      Promise.all([connection.browser.send('Browser.close').catch(() => {}), connection.closed]),
    );
    const leave = (): never => process.exit(this.#exitCode);
    Promise.resolve(closing).then(leave, leave);
    setTimeout(leave, 3000);
  }
  #browserGone(): void {
    if (this.#exiting) return;
    record('browser-gone');
    process.exitCode = 70;
    this.exit(70);
  }

  // the desktop
  setAsDefaultProtocolClient(scheme: string, path?: string, args?: readonly string[]): boolean {
    record('app.setAsDefaultProtocolClient', { scheme, path, args });
    this.#protocols.add(scheme);
    return true;
  }
  removeAsDefaultProtocolClient(scheme: string): boolean {
    return this.#protocols.delete(scheme);
  }
  isDefaultProtocolClient(scheme: string): boolean {
    return this.#protocols.has(scheme);
  }
  setBadgeCount(count = 0): boolean {
    this.#badge = count;
    record('app.setBadgeCount', { count });
    return true;
  }
  getBadgeCount(): number {
    return this.#badge;
  }
  get badgeCount(): number {
    return this.#badge;
  }
  set badgeCount(count: number) {
    this.setBadgeCount(count);
  }
  setAppUserModelId(id: string): void {
    record('app.setAppUserModelId', { id });
  }
  setDesktopName(name: string): void {
    record('app.setDesktopName', { name });
  }
  setLoginItemSettings(settings: object): void {
    record('app.setLoginItemSettings', { settings });
  }
  getLoginItemSettings(): object {
    return { openAtLogin: false };
  }
  setAboutPanelOptions(options: object): void {
    record('app.setAboutPanelOptions', { options });
  }
  showAboutPanel(): void {
    record('app.showAboutPanel');
  }
  disableHardwareAcceleration(): void {
    record('app.disableHardwareAcceleration');
  }
  enableSandbox(): void {
    if (lifecycle.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    record('app.enableSandbox');
  }
  isAccessibilitySupportEnabled(): boolean {
    return false;
  }
  focus(): void {
    record('app.focus');
  }
  getAppMetrics(): object[] {
    return notImplemented('app.getAppMetrics');
  }
}

/** `app.dock` is macOS's, and undefined on Linux as in Electron. */
export const app = strict('app', new App(), ['dock', 'runningUnderARM64Translation', 'runningUnderRosettaTranslation']);
// The module's own code listens on the bare emitter for nothing; leak warnings would be about main's listeners.
EventEmitter.setMaxListeners(0, app);
