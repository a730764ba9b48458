import type { MessagePortMain } from './ports.ts';
import { record } from './recorder.ts';
import { StandinEvent, strict } from './unimplemented.ts';
import type { WebContents } from './web-contents.ts';
import type { WebFrameMain } from './web-frame.ts';

/** What a listener of ipcMain gets first. */
export class IpcEvent extends StandinEvent {
  readonly type = 'frame';
  readonly sender: WebContents;
  readonly senderFrame: WebFrameMain | null;
  readonly ports: MessagePortMain[];
  readonly processId = 1;
  readonly frameId = 1;
  constructor(sender: WebContents, senderFrame: WebFrameMain | null, ports: MessagePortMain[]) {
    super();
    this.sender = sender;
    this.senderFrame = senderFrame;
    this.ports = ports;
  }
  reply = (channel: string, ...args: unknown[]): void => this.sender.send(channel, ...args);
}

type Listener = (event: IpcEvent, ...args: unknown[]) => unknown;

/** ipcMain, and the `ipc` of each WebContents and frame: any channel is an event, so no name is refused. */
export class IpcMain {
  #listeners = new Map<string, Array<{ call: Listener; once: boolean }>>();
  #handlers = new Map<string, { call: Listener; once: boolean }>();

  on = (channel: string, call: Listener): this => this.#add(channel, call, false);
  addListener = (channel: string, call: Listener): this => this.#add(channel, call, false);
  once = (channel: string, call: Listener): this => this.#add(channel, call, true);

  off = (channel: string, call: Listener): this => {
    const rest = [...(this.#listeners.get(channel) ?? [])];
    const at = rest.findLastIndex((entry) => entry.call === call);
    if (at >= 0) rest.splice(at, 1);
    this.#listeners.set(channel, rest);
    return this;
  };
  removeListener = (channel: string, call: Listener): this => this.off(channel, call);

  removeAllListeners = (channel?: string): this => {
    if (channel === undefined) this.#listeners.clear();
    else this.#listeners.delete(channel);
    return this;
  };

  listenerCount = (channel: string): number => this.#listeners.get(channel)?.length ?? 0;
  eventNames = (): string[] => [...this.#listeners.keys()];

  handle = (channel: string, call: Listener): void => this.#handle(channel, call, false);
  handleOnce = (channel: string, call: Listener): void => this.#handle(channel, call, true);
  removeHandler = (channel: string): void => {
    this.#handlers.delete(channel);
  };

  /** Delivers a message; true if somebody listened. */
  deliver(channel: string, event: IpcEvent, args: readonly unknown[]): boolean {
    const entries = this.#listeners.get(channel) ?? [];
    for (const entry of entries) {
      if (entry.once) this.off(channel, entry.call);
      entry.call(event, ...args);
    }
    return entries.length > 0;
  }

  /** The handler of a channel, used up if it was for once. */
  takeHandler(channel: string): Listener | undefined {
    const handler = this.#handlers.get(channel);
    if (handler?.once === true) this.#handlers.delete(channel);
    return handler?.call;
  }

  channels(): { handle: string[]; on: string[] } {
    return { handle: [...this.#handlers.keys()], on: [...this.#listeners.keys()] };
  }

  #add(channel: string, call: Listener, once: boolean): this {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), { call, once }]);
    return this;
  }

  #handle(channel: string, call: Listener, once: boolean): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof call !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof call}'`);
    this.#handlers.set(channel, { call, once });
  }
}

export function createIpc(name: string): IpcMain {
  return strict(name, new IpcMain());
}

export const ipcMain = createIpc('ipcMain');

/** Invokes a channel in Electron's order: frame, contents, ipcMain. Errors are the text the renderer would be shown. */
export async function invokeIpc(
  scopes: readonly IpcMain[],
  channel: string,
  event: IpcEvent,
  args: readonly unknown[],
): Promise<{ ok: true; value: unknown } | { ok: false; error: string }> {
  for (const scope of scopes) {
    const handler = scope.takeHandler(channel);
    if (handler === undefined) continue;
    try {
      return { ok: true, value: await handler(event, ...args) };
    } catch (error) {
      return { ok: false, error: String(error) };
    }
  }
  record('ipc-no-handler', { channel });
  return { ok: false, error: `Error: No handler registered for '${channel}'` };
}

/** Sends to every listener of a channel; an unheard message is recorded. */
export function deliverIpc(
  scopes: readonly IpcMain[],
  channel: string,
  event: IpcEvent,
  args: readonly unknown[],
): boolean {
  let heard = false;
  for (const scope of scopes) heard = scope.deliver(channel, event, args) || heard;
  if (!heard) record('ipc-unheard', { channel });
  return heard;
}
