import type { CdpSession, Json } from './cdp.ts';
import { type FrameInfo, type FrameTree, urlOf } from './frame-tree.ts';
import { lifecycle } from './lifecycle.ts';
import { enforcePermissions } from './permissions.ts';
import { record } from './recorder.ts';
import { fromBrowserUrl, originOf, toBrowserUrl } from './scheme-map.ts';
import { StandinEvent } from './unimplemented.ts';
import type { WebContents } from './web-contents.ts';
import type { WebFrameMain } from './web-frame.ts';

/** What a page loads: what main asks for goes through, what the page asks for is put to main's listeners first. */
export class Navigation {
  title = '';
  loading = false;
  crashed = false;
  #contents: WebContents;
  #frames: FrameTree;
  /** Documents that main asked for and that have not been requested yet. */
  #asked: string[] = [];
  #loads: Array<{ loader: string; resolve: () => void; reject: (error: Error) => void }> = [];
  #origin = '';
  /** The empty document that a page is born with is no load that Electron knows of. */
  #began = false;

  constructor(contents: WebContents, frames: FrameTree) {
    this.#contents = contents;
    this.#frames = frames;
  }

  /** Begins to listen; answers the id of the main frame. */
  async attach(cdp: CdpSession): Promise<string> {
    const contents = this.#contents;
    const { frameTree } = await cdp.send<{ frameTree: { frame: FrameInfo } }>('Page.getFrameTree');
    const mainId = frameTree.frame.id;
    this.#frames.attach(cdp, mainId);
    const isMain = (params: Json): boolean => params['frameId'] === mainId;
    cdp.on('Page.frameStartedLoading', (params) => {
      if (!isMain(params) || this.loading) return;
      this.loading = true;
      contents.emit('did-start-loading', new StandinEvent());
    });
    cdp.on('Page.frameStoppedLoading', (params) => {
      if (!isMain(params) || !this.loading) return;
      this.loading = false;
      contents.emit('did-stop-loading', new StandinEvent());
    });
    cdp.on('Page.domContentEventFired', () => {
      if (this.#began) contents.emit('dom-ready', new StandinEvent());
    });
    cdp.on('Page.lifecycleEvent', (params) => {
      if (isMain(params) && params['name'] === 'load') this.#loaded(String(params['loaderId']));
    });
    cdp.on('Page.frameNavigated', (params) => this.#navigated(params['frame'] as FrameInfo, mainId));
    cdp.on('Page.navigatedWithinDocument', (params) =>
      contents.emit(
        'did-navigate-in-page',
        new StandinEvent(),
        fromBrowserUrl(String(params['url'])),
        isMain(params),
        1,
        1,
      ),
    );
    cdp.on('Page.frameRequestedNavigation', (params) => this.#requested(cdp, params));
    cdp.on('Page.javascriptDialogOpening', (params) => this.#dialog(cdp, params));
    cdp.on('Inspector.targetCrashed', () => {
      this.crashed = true;
      record('render-process-gone', { id: contents.id });
      contents.emit('render-process-gone', new StandinEvent(), { reason: 'crashed', exitCode: 5 });
    });
    cdp.on('Runtime.consoleAPICalled', (params) => this.#console(params));
    cdp.on('Runtime.exceptionThrown', (params) => {
      const details = params['exceptionDetails'] as { text: string; exception?: { description?: string } };
      record('page-error', { text: details.exception?.description ?? details.text });
    });
    cdp.on('Log.entryAdded', (params) => {
      const entry = params['entry'] as { source: string; level: string; text: string };
      record('page-log', { source: entry.source, level: entry.level, text: entry.text });
    });
    await Promise.all([
      cdp.send('Page.enable'),
      cdp.send('Inspector.enable'),
      cdp.send('Log.enable'),
      cdp.send('Page.setLifecycleEventsEnabled', { enabled: true }),
    ]);
    return mainId;
  }

  async load(cdp: CdpSession, url: string): Promise<void> {
    await this.#permissions(url);
    this.#began = true;
    const shown = toBrowserUrl(url);
    this.#asked.push(fromBrowserUrl(new URL(shown).href));
    const { loaderId, errorText } = await cdp.send<{ loaderId?: string; errorText?: string }>('Page.navigate', {
      url: shown,
    });
    if (errorText !== undefined) {
      this.#asked = [];
      const error = Object.assign(new Error(`${errorText} (-2) loading '${url}'`), { code: errorText, errno: -2, url });
      record('did-fail-load', { url, errorText });
      this.#contents.emit('did-fail-load', new StandinEvent(), -2, errorText, url, true, 1, 1);
      throw error;
    }
    if (loaderId === undefined || this.#done.delete(loaderId)) return;
    await new Promise<void>((resolve, reject) => this.#loads.push({ loader: loaderId, resolve, reject }));
  }

  async reload(cdp: CdpSession, ignoreCache: boolean): Promise<void> {
    this.#asked.push(this.#frames.main.url);
    await cdp.send('Page.reload', { ignoreCache });
  }

  /** Decides over a document that a frame is about to request. */
  gate(frameId: string, url: string, isRedirect: boolean): boolean {
    const frame = this.#frames.get(frameId) ?? this.#frames.main;
    const withoutHash = (text: string): string => text.replace(/#.*$/s, '');
    const at = this.#asked.findIndex((asked) => withoutHash(asked) === withoutHash(url));
    const isMain = frame === this.#frames.main;
    if (isMain && at >= 0) {
      this.#asked.splice(at, 1);
      return true;
    }
    if (isRedirect) return this.#ask('will-redirect', frame, url);
    // A reload of what is shown is no navigation to another page.
    if (isMain && withoutHash(url) === withoutHash(frame.url)) return true;
    return this.#asked.length > 0 && isMain ? true : this.#askNavigation(frame, url);
  }

  /** The page is gone; nobody need wait for it. */
  ended(): void {
    for (const load of this.#loads.splice(0)) load.reject(new Error('ERR_ABORTED (-3): the window was closed'));
  }

  #askNavigation(frame: WebFrameMain, url: string): boolean {
    const anyFrame = this.#ask('will-frame-navigate', frame, url);
    return frame === this.#frames.main ? this.#ask('will-navigate', frame, url) && anyFrame : anyFrame;
  }

  #ask(name: string, frame: WebFrameMain, url: string): boolean {
    const isMainFrame = frame === this.#frames.main;
    const event = Object.assign(new StandinEvent(), {
      url,
      isMainFrame,
      isSameDocument: false,
      frame,
      initiator: this.#frames.main,
    });
    this.#contents.emit(name, event, url, false, isMainFrame, 1, 1);
    record(name, { id: this.#contents.id, url, isMainFrame, prevented: event.defaultPrevented });
    return !event.defaultPrevented;
  }

  /** Navigations that never become a request: other protocols, about:blank, blob:. */
  #requested(cdp: CdpSession, params: Json): void {
    const url = fromBrowserUrl(String(params['url']));
    const frame = this.#frames.get(String(params['frameId'])) ?? this.#frames.main;
    if (
      params['disposition'] !== 'currentTab' ||
      /^https?:/.test(String(params['url'])) ||
      url.startsWith('javascript:')
    )
      return;
    const allowed = this.#askNavigation(frame, url);
    const inside = /^(about|blob|data|file):/.test(url);
    if (!allowed && inside) cdp.send('Page.stopLoading').catch(() => {});
    if (allowed && !inside) {
      this.#contents.session.decidePermission(this.#contents, 'openExternal', originOf(frame.url)).then(
        (granted) => record('navigation-to-external', { url, granted }),
        (error: unknown) => record('navigation-to-external', { url, error }),
      );
    }
  }

  #navigated(info: FrameInfo, mainId: string): void {
    const url = urlOf(info);
    const contents = this.#contents;
    contents.emit('did-frame-navigate', new StandinEvent(), url, 200, 'OK', info.id === mainId, 1, 1);
    if (info.id !== mainId) return;
    this.#asked = [];
    this.crashed = false;
    record('did-navigate', { id: contents.id, url });
    contents.emit('did-navigate', new StandinEvent(), url, 200, 'OK');
    this.#permissions(url).catch((error: unknown) => record('permission-not-enforced', { error }));
  }

  #done = new Set<string>();

  #loaded(loader: string): void {
    if (!this.#began) return;
    this.#contents.emit('did-finish-load', new StandinEvent());
    this.#contents.emit('did-frame-finish-load', new StandinEvent(), true, 1, 1);
    this.#readTitle();
    const waiting = this.#loads.filter((load) => load.loader === loader);
    if (waiting.length === 0) this.#done.add(loader);
    this.#loads = this.#loads.filter((load) => load.loader !== loader);
    for (const load of waiting) load.resolve();
  }

  #readTitle(): void {
    this.#contents.executeJavaScript('document.title').then(
      (title) => {
        if (title === this.title) return;
        this.title = String(title);
        this.#contents.emit('page-title-updated', new StandinEvent(), this.title, true);
      },
      () => {},
    );
  }

  async #permissions(url: string): Promise<void> {
    const origin = originOf(url);
    if (origin === this.#origin) return;
    this.#origin = origin;
    const { connection } = await lifecycle.startBrowser();
    await enforcePermissions(connection.browser, this.#contents.session, this.#contents, url);
  }

  #dialog(cdp: CdpSession, params: Json): void {
    const type = String(params['type']);
    if (type !== 'beforeunload') record('page-dialog', { type, message: params['message'] });
    const event = new StandinEvent();
    if (type === 'beforeunload') {
      this.#contents.emit('will-prevent-unload', event);
      record('will-prevent-unload', { id: this.#contents.id, leaves: event.defaultPrevented });
    }
    cdp.send('Page.handleJavaScriptDialog', { accept: event.defaultPrevented }).catch(() => {});
  }

  #console(params: Json): void {
    const args = params['args'] as Array<{ value?: unknown; description?: string }>;
    const message = args.map((arg) => String(arg.value ?? arg.description ?? '')).join(' ');
    const level = String(params['type']);
    record('console-message', { level, message });
    this.#contents.emit(
      'console-message',
      Object.assign(new StandinEvent(), { level, message, lineNumber: 0, sourceId: '', frame: this.#frames.main }),
    );
  }
}
