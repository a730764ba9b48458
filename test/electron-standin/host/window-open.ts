import type { CdpSession } from './cdp.ts';
import { record } from './recorder.ts';
import { fromBrowserUrl } from './scheme-map.ts';
import { onStrayPage } from './targets.ts';
import { StandinEvent } from './unimplemented.ts';
import type { WebContents } from './web-contents.ts';

export type OpenDetails = {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
  referrer?: { url: string; policy: string };
};
export type WindowOpenHandler = (details: OpenDetails) => {
  action: 'deny' | 'allow';
  overrideBrowserWindowOptions?: object;
};

/** Makes the child window of an allowed window.open; set by BrowserWindow, which this file cannot import. */
export const childWindows: { create: (options: object, url: string) => object } = {
  create: () => {
    throw new Error('there are no windows yet');
  },
};

/**
 * New windows that a page asks for. `window.open` of the page's main world asks here and gets null; what goes round it (a
 * link to another window, a middle click, a pristine window.open of an iframe) is caught as a paused target and closed.
 */
export class WindowOpen {
  handler: WindowOpenHandler | undefined;
  #contents: WebContents;
  #referrer: () => string;
  #announced: OpenDetails[] = [];
  #release: () => void = () => {};

  constructor(contents: WebContents, referrer: () => string) {
    this.#contents = contents;
    this.#referrer = referrer;
  }

  attach(cdp: CdpSession, targetId: string): void {
    cdp.on('Page.windowOpen', (params) => {
      const features = (params['windowFeatures'] as string[]).join(',');
      const url = fromBrowserUrl(String(params['url']));
      this.#announced.push({ url, frameName: String(params['windowName']), features, disposition: 'foreground-tab' });
    });
    cdp.on('Page.frameRequestedNavigation', (params) => {
      if (params['disposition'] === 'currentTab' || params['disposition'] === 'download') return;
      const disposition = params['disposition'] === 'newWindow' ? 'new-window' : 'background-tab';
      this.#announced.push({ url: fromBrowserUrl(String(params['url'])), frameName: '', features: '', disposition });
    });
    this.#release = onStrayPage((target) => {
      const opened = target.openerId === targetId;
      const url = fromBrowserUrl(target.url);
      // A paused page may not know its URL yet: then the oldest announced one is its.
      const unknown = opened || url === '' || url === 'about:blank';
      const at = unknown ? 0 : this.#announced.findIndex((details) => details.url === url);
      if (!opened && this.#announced[at] === undefined) return false;
      const [details] = this.#announced.splice(at, 1);
      this.ask(details ?? { url, frameName: '', features: '', disposition: 'foreground-tab' });
      return true;
    });
  }

  detach(): void {
    this.#release();
  }

  /** Puts a window to main's handler. Without one Electron opens it. */
  ask(asked: OpenDetails): void {
    const details = { ...asked, referrer: { url: this.#referrer(), policy: 'strict-origin-when-cross-origin' } };
    const answer = this.handler === undefined ? { action: 'allow' as const } : this.handler(details);
    record('window-open', { id: this.#contents.id, ...asked, action: answer.action });
    if (answer.action !== 'allow') return;
    const options = 'overrideBrowserWindowOptions' in answer ? answer.overrideBrowserWindowOptions : undefined;
    const child = childWindows.create(options ?? {}, asked.url);
    this.#contents.emit('did-create-window', child, details, new StandinEvent());
  }
}
