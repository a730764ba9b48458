import { pathToFileURL } from 'node:url';
import type { FromPreload } from '../page/preload-world.ts';
import type { CdpSession } from './cdp.ts';
import { FrameTree } from './frame-tree.ts';
import { installInterceptor } from './interceptor.ts';
import { createIpc, deliverIpc, IpcEvent, type IpcMain, invokeIpc, ipcMain } from './ipc-main.ts';
import { Navigation } from './navigation.ts';
import { MessagePortMain, type PortEnd } from './ports.ts';
import { record } from './recorder.ts';
import { RendererLink } from './renderer-link.ts';
import { fromBrowserUrl } from './scheme-map.ts';
import { type Session, sessionModule } from './session.ts';
import { closePage, createPage } from './targets.ts';
import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';
import type { WebFrameMain } from './web-frame.ts';
import { WindowOpen, type WindowOpenHandler } from './window-open.ts';

const raised = [
  'did-finish-load',
  'did-fail-load',
  'did-frame-finish-load',
  'did-start-loading',
  'did-stop-loading',
  'dom-ready',
  'did-start-navigation',
  'did-navigate',
  'did-frame-navigate',
  'did-navigate-in-page',
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'did-create-window',
  'will-prevent-unload',
  'render-process-gone',
  'destroyed',
  'page-title-updated',
  'console-message',
  'preload-error',
  'ipc-message',
  'context-menu',
  'focus',
  'blur',
];
const inert = [
  'before-input-event',
  'before-mouse-event',
  'input-event',
  'unresponsive',
  'responsive',
  'certificate-error',
  'login',
  'select-client-certificate',
  'select-bluetooth-device',
  'will-attach-webview',
  'did-attach-webview',
  'devtools-opened',
  'devtools-closed',
  'devtools-focused',
  'enter-html-full-screen',
  'leave-html-full-screen',
  'zoom-changed',
  'page-favicon-updated',
  'media-started-playing',
  'media-paused',
  'did-change-theme-color',
  'update-target-url',
  'cursor-changed',
  'did-redirect-navigation',
];

export type ContentsOptions = {
  readonly width: number;
  readonly height: number;
  readonly preload: string | undefined;
  readonly additionalArguments: readonly string[];
};

const all = new Map<number, WebContents>();
let made = 0;

/** A page, over its DevTools session. Everything asked before the page exists waits for it, in order. */
export class WebContents extends StrictEmitter {
  readonly id: number;
  readonly ipc: IpcMain = createIpc('webContents.ipc');
  readonly session: Session = sessionModule.defaultSession;
  /** The wrapper that main holds; events must carry it, not the bare object. */
  readonly self: WebContents;
  readonly #page: Promise<{ cdp: CdpSession; link: RendererLink; targetId: string }>;
  readonly #opener: WindowOpen;
  readonly #navigation: Navigation;
  readonly #frames: FrameTree;
  #link: RendererLink | undefined;
  #destroyed = false;
  #zoom = 1;
  #agent = '';

  constructor(options: ContentsOptions) {
    super('webContents', raised, inert);
    made += 1;
    this.id = made;
    this.self = strict('webContents', this);
    all.set(this.id, this.self);
    this.#frames = new FrameTree(
      (channel, args, ports) => this.#send(channel, args, ports),
      (code) => this.executeJavaScript(code),
    );
    this.#opener = new WindowOpen(this.self, () => this.mainFrame.url);
    this.#navigation = new Navigation(this.self, this.#frames);
    this.#page = this.#open(options);
    this.#page.catch((error: unknown) => record('window-failed', { error }));
    // biome-ignore lint/correctness/noConstructorReturn: main must hold the wrapper that reports what it lacks
    return this.self;
  }

  async #open(options: ContentsOptions): Promise<{ cdp: CdpSession; link: RendererLink; targetId: string }> {
    const { cdp, targetId } = await createPage(options.width, options.height);
    const link = new RendererLink(cdp, options.additionalArguments, {
      message: (message) => this.#fromPreload(message),
    });
    this.#link = link;
    cdp.gone.then(() => this.#gone());
    await cdp.send('Runtime.runIfWaitingForDebugger');
    link.mainFrameId = await this.#navigation.attach(cdp);
    this.#opener.attach(cdp, targetId);
    await Promise.all([
      link.install(options.preload),
      installInterceptor(cdp, this.session, (frame, url, redirect) => this.#navigation.gate(frame, url, redirect)),
      cdp.send('Emulation.setDeviceMetricsOverride', {
        width: options.width,
        height: options.height,
        deviceScaleFactor: 1,
        mobile: false,
      }),
      cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true }),
    ]);
    return { cdp, link, targetId };
  }

  /** Runs on the page once it is there; a page that is gone is not asked. */
  async onPage<T>(use: (cdp: CdpSession) => Promise<T>): Promise<T> {
    return use((await this.#page).cdp);
  }

  // pages
  async loadURL(url: string): Promise<void> {
    record('webContents.loadURL', { id: this.id, url });
    await this.onPage((cdp) => this.#navigation.load(cdp, url));
  }
  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(path).href);
  }
  reload(): void {
    this.onPage((cdp) => this.#navigation.reload(cdp, false)).catch(() => {});
  }
  reloadIgnoringCache(): void {
    this.onPage((cdp) => this.#navigation.reload(cdp, true)).catch(() => {});
  }
  stop(): void {
    this.onPage((cdp) => cdp.send('Page.stopLoading')).catch(() => {});
  }
  getURL(): string {
    return this.mainFrame.url;
  }
  getTitle(): string {
    return this.#navigation.title;
  }
  isLoading(): boolean {
    return this.#navigation.loading;
  }
  isLoadingMainFrame(): boolean {
    return this.#navigation.loading;
  }
  isCrashed(): boolean {
    return this.#navigation.crashed;
  }
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    record('webContents.setWindowOpenHandler', { id: this.id });
    this.#opener.handler = handler;
  }
  async executeJavaScript(expression: string, userGesture = false): Promise<unknown> {
    const call = { expression, userGesture, awaitPromise: true, returnByValue: true };
    type Answer = {
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    };
    const { result, exceptionDetails } = await this.onPage((cdp) => cdp.send<Answer>('Runtime.evaluate', call));
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  // messages
  get mainFrame(): WebFrameMain {
    return this.#frames.main;
  }
  send(channel: string, ...args: unknown[]): void {
    this.#send(channel, args, []);
  }
  postMessage(channel: string, message: unknown, transfer: readonly object[] = []): void {
    this.#send(channel, [message], transfer);
  }
  #send(channel: string, args: readonly unknown[], transfer: readonly object[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    if (this.#link === undefined) record('ipc-dropped', { channel, why: 'the window is not open yet' });
    else this.#link.send(channel, args, transfer);
  }

  #fromPreload(message: Exclude<FromPreload, { t: 'port' | 'port-close' | 'missing' }>): void {
    const link = this.#link;
    if (link === undefined) return;
    switch (message.t) {
      case 'invoke':
        this.invokeFrom(this.mainFrame, message.channel, link.codec.decode(message.args) as unknown[])
          .then((answer) =>
            link.reply(message.id, answer.ok, answer.ok ? link.codec.encode(answer.value) : answer.error),
          )
          .catch((error: unknown) => link.reply(message.id, false, String(error)));
        return;
      case 'send':
        this.deliverFrom(this.mainFrame, message.channel, link.codec.decode(message.args) as unknown[], []);
        return;
      case 'post': {
        const ends = message.ports.map((port) => link.ports.adopt(port));
        this.deliverFrom(this.mainFrame, message.channel, [link.codec.decode(message.message)], ends);
        return;
      }
      case 'window-open':
        this.#opener.ask({
          url: fromBrowserUrl(message.url),
          frameName: message.name,
          features: message.features,
          disposition: 'new-window',
        });
        return;
      case 'context-menu':
        this.emit('context-menu', new StandinEvent(), {
          ...message.params,
          linkURL: fromBrowserUrl(String(message.params['linkURL'])),
        });
        return;
      default: {
        const error = Object.assign(new Error(message.message), { stack: message.stack });
        record('preload-error', { message: message.message, stack: message.stack });
        this.emit('preload-error', new StandinEvent(), '', error);
      }
    }
  }

  /** Delivers an invoke as coming from that frame: the page's own way in, and the test's way to pretend. */
  invokeFrom(frame: WebFrameMain, channel: string, args: readonly unknown[]): ReturnType<typeof invokeIpc> {
    return invokeIpc([frame.ipc, this.ipc, ipcMain], channel, new IpcEvent(this.self, frame, []), args);
  }
  deliverFrom(frame: WebFrameMain, channel: string, args: readonly unknown[], ends: readonly PortEnd[]): void {
    const event = new IpcEvent(
      this.self,
      frame,
      ends.map((end) => new MessagePortMain(end)),
    );
    this.emit('ipc-message', event, channel, ...args);
    deliverIpc([frame.ipc, this.ipc, ipcMain], channel, event, args);
  }

  // the rest of a page
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  focus(): void {
    this.onPage((cdp) => cdp.send('Page.bringToFront')).catch(() => {});
  }
  isFocused(): boolean {
    return !this.#destroyed;
  }
  getType(): string {
    return 'window';
  }
  getProcessId(): number {
    return 1;
  }
  openDevTools(options: unknown = {}): void {
    record('webContents.openDevTools', { id: this.id, options });
  }
  closeDevTools(): void {
    record('webContents.closeDevTools', { id: this.id });
  }
  isDevToolsOpened(): boolean {
    return false;
  }
  getZoomFactor(): number {
    return this.#zoom;
  }
  setZoomFactor(factor: number): void {
    this.#zoom = factor;
    record('webContents.setZoomFactor', { id: this.id, factor });
  }
  getZoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2);
  }
  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level);
  }
  async setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    record('webContents.setVisualZoomLevelLimits', { id: this.id, minimum, maximum });
  }
  setBackgroundThrottling(allowed: boolean): void {
    record('webContents.setBackgroundThrottling', { id: this.id, allowed });
  }
  getUserAgent(): string {
    return this.#agent;
  }
  setUserAgent(userAgent: string): void {
    this.#agent = userAgent;
    this.onPage((cdp) => cdp.send('Emulation.setUserAgentOverride', { userAgent })).catch(() => {});
  }

  /** Asks the page to close, `beforeunload` included. */
  close(): void {
    this.#askToClose().catch((error: unknown) => record('window-not-closed', { id: this.id, error }));
  }
  /**
   * Chromium refuses `Page.close` while a navigation swaps the page's frame for another (a few milliseconds at a commit). The
   * window would then stay for good, where Electron's closes: it is asked again until the page takes it or is gone.
   */
  async #askToClose(): Promise<void> {
    const { cdp } = await this.#page;
    while (!this.#destroyed) {
      const taken = await cdp.send('Page.close').then(
        () => true,
        () => false,
      );
      if (taken) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  /** Closes it without asking. */
  destroy(): void {
    this.#page.then(({ targetId }) => closePage(targetId)).catch(() => {});
    this.#gone();
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.#opener.detach();
    this.#link?.ports.closeAll();
    this.#navigation.ended();
    this.emit('destroyed');
  }
}

/** The module `webContents`. */
export const webContentsModule = strict('webContents (module)', {
  getAllWebContents: (): WebContents[] => [...all.values()],
  fromId: (id: number): WebContents | undefined => all.get(id),
  getFocusedWebContents: (): WebContents | null => [...all.values()].at(-1) ?? null,
});
