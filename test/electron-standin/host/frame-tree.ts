import type { CdpSession, Json } from './cdp.ts';
import { fromBrowserUrl } from './scheme-map.ts';
import { createFrame, type WebFrameMain } from './web-frame.ts';

export type FrameInfo = { id: string; parentId?: string; url: string; urlFragment?: string; name?: string };

/** The protocol tells the fragment apart; Electron does not. */
export const urlOf = (info: FrameInfo): string => fromBrowserUrl(info.url + (info.urlFragment ?? ''));

/** The frames of a page, kept as the browser reports them. The main frame is one object for the page's whole life. */
export class FrameTree {
  readonly main: WebFrameMain;
  #byId = new Map<string, WebFrameMain>();
  #made = 1;
  #send: (channel: string, args: readonly unknown[], ports: readonly object[]) => void;
  #run: (code: string) => Promise<unknown>;

  constructor(
    send: (channel: string, args: readonly unknown[], ports: readonly object[]) => void,
    run: (code: string) => Promise<unknown>,
  ) {
    this.#send = send;
    this.#run = run;
    this.main = createFrame(1, '', null, send, run);
  }

  attach(cdp: CdpSession, mainId: string): void {
    this.#byId.set(mainId, this.main);
    cdp.on('Page.frameAttached', (params) => this.#add(String(params['frameId']), String(params['parentFrameId'])));
    cdp.on('Page.frameDetached', (params) => {
      if (params['reason'] !== 'swap') this.#remove(String(params['frameId']));
    });
    cdp.on('Page.frameNavigated', (params: Json) => {
      const info = params['frame'] as FrameInfo;
      const frame = this.get(info.id);
      if (frame === undefined) return;
      frame.url = urlOf(info);
      frame.name = info.name ?? '';
      if (frame === this.main) for (const child of [...frame.frames]) this.#forget(child);
    });
    cdp.on('Page.navigatedWithinDocument', (params) => {
      const frame = this.get(String(params['frameId']));
      if (frame !== undefined) frame.url = fromBrowserUrl(String(params['url']));
    });
  }

  get(id: string): WebFrameMain | undefined {
    return this.#byId.get(id);
  }

  #add(id: string, parentId: string): void {
    const parent = this.get(parentId) ?? this.main;
    this.#made += 1;
    const frame = createFrame(this.#made, 'about:blank', parent, this.#send, this.#run);
    parent.frames.push(frame);
    this.#byId.set(id, frame);
  }

  #remove(id: string): void {
    const frame = this.#byId.get(id);
    if (frame !== undefined && frame !== this.main) this.#forget(frame);
  }

  #forget(frame: WebFrameMain): void {
    frame.detached = true;
    const siblings = frame.parent?.frames;
    siblings?.splice(siblings.indexOf(frame), 1);
    for (const [id, known] of this.#byId) if (known === frame) this.#byId.delete(id);
  }
}
