import { app } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import { plain, record } from './recorder.ts';
import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';
import { WebContents } from './web-contents.ts';
import { childWindows } from './window-open.ts';
import { checkWindowOptions, type WindowOptions } from './window-options.ts';

type Bounds = { x: number; y: number; width: number; height: number };

const raised = [
  'close',
  'closed',
  'show',
  'hide',
  'focus',
  'blur',
  'minimize',
  'restore',
  'maximize',
  'unmaximize',
  'ready-to-show',
  'resize',
  'resized',
  'move',
  'moved',
  'enter-full-screen',
  'leave-full-screen',
  'page-title-updated',
  'always-on-top-changed',
];
const inert = [
  'session-end',
  'query-session-end',
  'unresponsive',
  'responsive',
  'will-resize',
  'will-move',
  'app-command',
  'swipe',
  'rotate-gesture',
  'sheet-begin',
  'sheet-end',
  'new-window-for-tab',
  'system-context-menu',
  'enter-html-full-screen',
  'leave-html-full-screen',
];

const all = new Map<number, BrowserWindow>();
let made = 0;
let focused: BrowserWindow | null = null;

/** A window: the state that a window manager would keep, and the page in it. */
export class BrowserWindow extends StrictEmitter {
  readonly id: number;
  readonly webContents: WebContents;
  /** Real windows say their process-wide accessible title here; kept for reading. */
  accessibleTitle = '';
  autoHideMenuBar = false;
  #self: BrowserWindow;
  #options: WindowOptions;
  #bounds: Bounds;
  #visible = false;
  #minimized = false;
  #maximized = false;
  #fullScreen = false;
  #onTop = false;
  #closing = false;
  #destroyed = false;
  #title: string;

  constructor(options: WindowOptions = {}) {
    if (!lifecycle.ready) throw new Error('Cannot create BrowserWindow before app is ready');
    checkWindowOptions(options);
    super('BrowserWindow', raised, inert);
    made += 1;
    this.id = made;
    this.#options = options;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.#title = options.title ?? app.getName();
    record('BrowserWindow', { id: this.id, options: plain(options) });
    this.webContents = new WebContents({
      width: this.#bounds.width,
      height: this.#bounds.height,
      preload: options.webPreferences?.preload,
      additionalArguments: options.webPreferences?.additionalArguments ?? [],
    });
    const self = strict('BrowserWindow', this);
    this.#self = self;
    all.set(this.id, self);
    this.#wire();
    app.emit('web-contents-created', new StandinEvent(), this.webContents);
    app.emit('browser-window-created', new StandinEvent(), self);
    if (options.show !== false) this.show();
    // biome-ignore lint/correctness/noConstructorReturn: main must hold the wrapper that reports what it lacks
    return self;
  }

  #wire(): void {
    const { webContents } = this;
    let shownOnce = false;
    webContents.on('did-finish-load', () => {
      if (shownOnce) return;
      shownOnce = true;
      this.emit('ready-to-show');
    });
    webContents.on('page-title-updated', (event: StandinEvent, title: string) => {
      this.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) this.#title = title;
    });
    webContents.on('will-prevent-unload', () => {
      this.#closing = false;
      lifecycle.quitting = false;
    });
    webContents.on('destroyed', () => this.#closed());
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all.values()];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focused;
  }
  static fromId(id: number): BrowserWindow | null {
    return all.get(id) ?? null;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...all.values()].find((window) => window.webContents === contents) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  loadFile(path: string): Promise<void> {
    return this.webContents.loadFile(path);
  }
  reload(): void {
    this.webContents.reload();
  }

  // seen and unseen
  show(): void {
    this.showInactive();
    this.focus();
  }
  showInactive(): void {
    this.#alive();
    if (this.#visible) return;
    this.#visible = true;
    record('window.show', { id: this.id });
    this.emit('show');
  }
  hide(): void {
    this.#alive();
    if (!this.#visible) return;
    this.#visible = false;
    record('window.hide', { id: this.id });
    this.blur();
    this.emit('hide');
  }
  isVisible(): boolean {
    return this.#visible && !this.#destroyed;
  }
  focus(): void {
    this.#alive();
    record('window.focus', { id: this.id, visible: this.#visible });
    if (!this.#visible || focused === this.#self) return;
    focused?.blur();
    focused = this.#self;
    this.webContents.focus();
    this.emit('focus');
    app.emit('browser-window-focus', new StandinEvent(), this.#self);
  }
  blur(): void {
    if (focused !== this.#self) return;
    focused = null;
    this.emit('blur');
    app.emit('browser-window-blur', new StandinEvent(), this.#self);
  }
  isFocused(): boolean {
    return focused === this.#self;
  }
  moveTop(): void {
    record('window.moveTop', { id: this.id });
  }
  minimize(): void {
    if (this.#minimized) return;
    this.#minimized = true;
    record('window.minimize', { id: this.id });
    this.blur();
    this.emit('minimize');
  }
  restore(): void {
    if (!this.#minimized) return;
    this.#minimized = false;
    record('window.restore', { id: this.id });
    this.emit('restore');
  }
  isMinimized(): boolean {
    return this.#minimized;
  }
  maximize(): void {
    if (!this.#visible) this.show();
    this.#maximized = true;
    this.emit('maximize');
  }
  unmaximize(): void {
    this.#maximized = false;
    this.emit('unmaximize');
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  setFullScreen(on: boolean): void {
    this.#fullScreen = on;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen(): boolean {
    return this.#fullScreen;
  }
  isNormal(): boolean {
    return !this.#maximized && !this.#minimized && !this.#fullScreen;
  }
  setAlwaysOnTop(on: boolean): void {
    this.#onTop = on;
    this.emit('always-on-top-changed', new StandinEvent(), on);
  }
  isAlwaysOnTop(): boolean {
    return this.#onTop;
  }

  // place
  getBounds(): Bounds {
    return { ...this.#bounds };
  }
  getNormalBounds(): Bounds {
    return this.getBounds();
  }
  getContentBounds(): Bounds {
    return this.getBounds();
  }
  setBounds(bounds: Partial<Bounds>): void {
    const before = this.#bounds;
    this.#bounds = { ...before, ...bounds };
    const { width, height, x, y } = this.#bounds;
    if (width !== before.width || height !== before.height) {
      const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
      this.webContents.onPage((cdp) => cdp.send('Emulation.setDeviceMetricsOverride', metrics)).catch(() => {});
      this.emit('resize');
      this.emit('resized');
    }
    if (x !== before.x || y !== before.y) {
      this.emit('move');
      this.emit('moved');
    }
  }
  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height];
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  getContentSize(): [number, number] {
    return this.getSize();
  }
  getPosition(): [number, number] {
    return [this.#bounds.x, this.#bounds.y];
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }
  center(): void {}
  setMinimumSize(width: number, height: number): void {
    record('window.setMinimumSize', { id: this.id, width, height });
  }

  // looks
  setTitle(title: string): void {
    this.#title = title;
  }
  getTitle(): string {
    return this.#title;
  }
  setMenu(menu: unknown): void {
    record('window.setMenu', { id: this.id, none: menu === null });
  }
  removeMenu(): void {
    record('window.setMenu', { id: this.id, none: true });
  }
  setMenuBarVisibility(visible: boolean): void {
    record('window.setMenuBarVisibility', { id: this.id, visible });
  }
  setAutoHideMenuBar(hide: boolean): void {
    this.autoHideMenuBar = hide;
  }
  setIcon(): void {
    record('window.setIcon', { id: this.id });
  }
  setOverlayIcon(image: unknown, description: string): void {
    record('window.setOverlayIcon', { id: this.id, none: image === null, description });
  }
  flashFrame(on: boolean): void {
    record('window.flashFrame', { id: this.id, on });
  }
  setProgressBar(progress: number): void {
    record('window.setProgressBar', { id: this.id, progress });
  }
  setSkipTaskbar(skip: boolean): void {
    record('window.setSkipTaskbar', { id: this.id, skip });
  }
  setContentProtection(on: boolean): void {
    record('window.setContentProtection', { id: this.id, on });
  }
  setBackgroundColor(color: string): void {
    record('window.setBackgroundColor', { id: this.id, color });
  }
  setTitleBarOverlay(options: object): void {
    record('window.setTitleBarOverlay', { id: this.id, options });
  }
  getParentWindow(): object | null {
    return this.#options.parent ?? null;
  }

  // the end
  close(): void {
    if (this.#destroyed || this.#closing) return;
    const event = new StandinEvent();
    this.emit('close', event);
    record('window.close', { id: this.id, prevented: event.defaultPrevented });
    if (event.defaultPrevented) {
      lifecycle.quitting = false;
      return;
    }
    this.#closing = true;
    this.webContents.close();
  }
  destroy(): void {
    if (!this.#destroyed) this.webContents.destroy();
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }

  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    all.delete(this.id);
    if (focused === this.#self) focused = null;
    record('window.closed', { id: this.id });
    this.emit('closed');
    app.windowClosed(all.size);
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }
}

/** The state of every window, for the test. */
export function windowStates(): object[] {
  return [...all.values()].map((window) => ({
    id: window.id,
    visible: window.isVisible(),
    focused: window.isFocused(),
    minimized: window.isMinimized(),
    title: window.getTitle(),
    url: window.webContents.getURL(),
    bounds: window.getBounds(),
  }));
}

childWindows.create = (options, url) => {
  const child = new BrowserWindow({ ...options });
  child.loadURL(url).catch((error: unknown) => record('child-window-failed', { url, error }));
  return child;
};
app.closeAllWindows = (): void => {
  for (const window of BrowserWindow.getAllWindows()) window.close();
};
app.destroyAllWindows = (): void => {
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
};
app.countWindows = (): number => all.size;
