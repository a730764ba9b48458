import { createIpc, type IpcMain } from './ipc-main.ts';
import { originOf } from './scheme-map.ts';
import { notImplemented, strict } from './unimplemented.ts';

/** A frame as main sees it. */
export class WebFrameMain {
  readonly ipc: IpcMain = createIpc('webFrameMain.ipc');
  readonly frameTreeNodeId: number;
  readonly processId = 1;
  readonly routingId: number;
  /** Set as the page navigates; with the app's own scheme in it. */
  url: string;
  name = '';
  detached = false;
  parent: WebFrameMain | null;
  frames: WebFrameMain[] = [];
  #send: (channel: string, args: readonly unknown[], ports: readonly object[]) => void;
  #run: (code: string) => Promise<unknown>;

  constructor(
    id: number,
    url: string,
    parent: WebFrameMain | null,
    send: (channel: string, args: readonly unknown[], ports: readonly object[]) => void,
    run: (code: string) => Promise<unknown>,
  ) {
    this.frameTreeNodeId = id;
    this.routingId = id;
    this.url = url;
    this.parent = parent;
    this.#send = send;
    this.#run = run;
  }

  get origin(): string {
    return originOf(this.url);
  }
  get top(): WebFrameMain {
    return this.parent === null ? this : this.parent.top;
  }
  get framesInSubtree(): WebFrameMain[] {
    return [this, ...this.frames.flatMap((frame) => frame.framesInSubtree)];
  }
  isDestroyed = (): boolean => this.detached;
  send = (channel: string, ...args: unknown[]): void => this.postTo(channel, args, []);
  postMessage = (channel: string, message: unknown, transfer: readonly object[] = []): void =>
    this.postTo(channel, [message], transfer);
  executeJavaScript = (code: string): Promise<unknown> => this.#run(code);

  private postTo(channel: string, args: readonly unknown[], ports: readonly object[]): void {
    if (this.parent !== null) notImplemented('webFrameMain.send to a frame that has no preload');
    this.#send(channel, args, ports);
  }
}

/** Frames compare by identity (`event.senderFrame === contents.mainFrame`), so each has one reporting wrapper for life. */
export function createFrame(...args: ConstructorParameters<typeof WebFrameMain>): WebFrameMain {
  return strict('webFrameMain', new WebFrameMain(...args));
}
