/// <reference lib="dom" />
import type { createBridgePeer as CreateBridgePeer } from './bridge-peer.ts';
import type { createCodec as CreateCodec } from './codec.ts';

/** How the preload's world is told where its ways in and out are. */
export type PreloadWorldConfig = {
  readonly binding: string;
  readonly entrance: string;
  readonly toPage: string;
  readonly fromPage: string;
  readonly argv: readonly string[];
  readonly versions: { readonly [name: string]: string };
  readonly platform: string;
  readonly arch: string;
};

/** Preload to host. Values are codec text; ports are known by the names that whoever made them gave. */
export type FromPreload =
  | { readonly t: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | { readonly t: 'send'; readonly channel: string; readonly args: string }
  | { readonly t: 'post'; readonly channel: string; readonly message: string; readonly ports: readonly string[] }
  | { readonly t: 'port'; readonly port: string; readonly data: string; readonly ports: readonly string[] }
  | { readonly t: 'port-close'; readonly port: string }
  | { readonly t: 'missing'; readonly api: string }
  | { readonly t: 'window-open'; readonly url: string; readonly name: string; readonly features: string }
  | { readonly t: 'context-menu'; readonly params: { readonly [key: string]: unknown } }
  | { readonly t: 'preload-error'; readonly message: string; readonly stack: string };

/** Host to preload. */
export type ToPreload =
  | { readonly t: 'event'; readonly channel: string; readonly args: string; readonly ports: readonly string[] }
  | { readonly t: 'reply'; readonly id: number; readonly ok: boolean; readonly value: string }
  | { readonly t: 'port'; readonly port: string; readonly data: string; readonly ports: readonly string[] }
  | { readonly t: 'port-close'; readonly port: string };

/**
 * The world in which a sandboxed preload runs: `require('electron')`, a bare `process`, no Node.
 * Sent to the page as source: it may use nothing from outside itself.
 */
export function installPreloadWorld(
  createCodec: typeof CreateCodec,
  createBridgePeer: typeof CreateBridgePeer,
  config: PreloadWorldConfig,
): void {
  type Listener = (...args: unknown[]) => void;
  // Only the main frame has a preload (nodeIntegrationInSubFrames is off).
  if (window !== window.top) return;
  const out: unknown = Reflect.get(globalThis, config.binding);
  Reflect.deleteProperty(globalThis, config.binding);
  const tell = (message: FromPreload): void => {
    if (typeof out === 'function') out(JSON.stringify(message));
  };
  const codec = createCodec();
  const missing = (api: string): never => {
    tell({ t: 'missing', api });
    throw new Error(`electron-standin: ${api} is not implemented`);
  };
  const strict = (name: string, target: object): object =>
    new Proxy(target, {
      get: (object, property) =>
        typeof property === 'symbol' || property in object || property === 'then' || property === '__esModule'
          ? Reflect.get(object, property)
          : missing(`${name}.${property}`),
    });

  // ports
  const ports = new Map<string, MessagePort>();
  let portsMade = 0;
  const relay = (name: string, port: MessagePort): void => {
    ports.set(name, port);
    port.addEventListener('message', (event) => {
      tell({ t: 'port', port: name, data: codec.encode(event.data), ports: event.ports.map(give) });
    });
    port.addEventListener('close', () => {
      if (ports.delete(name)) tell({ t: 'port-close', port: name });
    });
    port.start();
  };
  const give = (port: MessagePort): string => {
    portsMade += 1;
    const name = `r${portsMade}`;
    relay(name, port);
    return name;
  };
  const adopt = (name: string): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    relay(name, port2);
    return port1;
  };

  // ipcRenderer
  const listeners = new Map<string, Array<{ call: Listener; once: boolean }>>();
  const add = (channel: string, call: Listener, once: boolean): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { call, once }]);
    return ipcRenderer;
  };
  const drop = (channel: string, call: Listener): object => {
    const rest = [...(listeners.get(channel) ?? [])];
    const at = rest.findLastIndex((entry) => entry.call === call);
    if (at >= 0) rest.splice(at, 1);
    listeners.set(channel, rest);
    return ipcRenderer;
  };
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void; channel: string }>();
  let called = 0;
  const ipcRenderer: object = strict('ipcRenderer', {
    send: (channel: string, ...args: unknown[]): void => tell({ t: 'send', channel, args: codec.encode(args) }),
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> => {
      const text = codec.encode(args);
      called += 1;
      const id = called;
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject, channel });
        tell({ t: 'invoke', id, channel, args: text });
      });
    },
    postMessage: (channel: string, message: unknown, transfer: MessagePort[] = []): void =>
      tell({ t: 'post', channel, message: codec.encode(message), ports: transfer.map(give) }),
    on: (channel: string, call: Listener) => add(channel, call, false),
    addListener: (channel: string, call: Listener) => add(channel, call, false),
    once: (channel: string, call: Listener) => add(channel, call, true),
    off: drop,
    removeListener: drop,
    removeAllListeners: (channel?: string): object => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string): number => listeners.get(channel)?.length ?? 0,
  });
  const emit = (channel: string, args: readonly unknown[], given: MessagePort[]): void => {
    for (const entry of listeners.get(channel) ?? []) {
      if (entry.once) drop(channel, entry.call);
      entry.call({ sender: ipcRenderer, ports: given, senderId: 0 }, ...args);
    }
  };
  const receive = (message: ToPreload): void => {
    switch (message.t) {
      case 'event':
        emit(message.channel, codec.decode(message.args) as unknown[], message.ports.map(adopt));
        return;
      case 'reply': {
        const call = calls.get(message.id);
        calls.delete(message.id);
        if (message.ok) call?.resolve(codec.decode(message.value));
        else call?.reject(new Error(`Error invoking remote method '${call.channel}': ${message.value}`));
        return;
      }
      case 'port':
        ports.get(message.port)?.postMessage(codec.decode(message.data), message.ports.map(adopt));
        return;
      default: {
        const port = ports.get(message.port);
        ports.delete(message.port);
        port?.close();
      }
    }
  };
  const entrance = (batch: string): void => {
    for (const message of JSON.parse(batch) as ToPreload[]) {
      try {
        receive(message);
      } catch (error) {
        // A listener of the preload that throws must not keep the next message from being delivered.
        setTimeout(() => {
          throw error;
        });
      }
    }
  };

  // contextBridge
  const exposed: Array<[key: string, api: string]> = [];
  const peer = createBridgePeer(createCodec, config.toPage, config.fromPage, (kind, body) => {
    if (kind === 'hello') for (const entry of exposed) peer.tell('expose', JSON.stringify(entry));
    if (kind === 'window-open') {
      const [url, name, features] = JSON.parse(body) as [string, string, string];
      tell({ t: 'window-open', url, name, features });
    }
  });
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown): void => {
      if (exposed.some(([known]) => known === key)) {
        throw new Error(`Cannot bind an API on top of an existing property on the window object`);
      }
      const entry: [string, string] = [key, peer.encode(api)];
      exposed.push(entry);
      peer.tell('expose', JSON.stringify(entry));
    },
  });
  window.addEventListener('contextmenu', (event) => {
    const element = event.target instanceof Element ? event.target : null;
    const link = element?.closest('a')?.href ?? '';
    const isEditable = element?.closest('input, textarea, [contenteditable]') !== null;
    const params = {
      x: event.clientX,
      y: event.clientY,
      linkURL: link,
      isEditable,
      selectionText: String(getSelection() ?? ''),
    };
    tell({ t: 'context-menu', params });
  });

  // the module system of a sandboxed preload
  const electron = strict('electron (in a sandboxed preload)', {
    ipcRenderer,
    contextBridge,
    webFrame: strict('webFrame', {}),
    webUtils: strict('webUtils', {}),
  });
  const process = strict('process (in a sandboxed preload)', {
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
    platform: config.platform,
    arch: config.arch,
    versions: config.versions,
    argv: config.argv,
    execPath: '',
    env: {},
    pid: 0,
    nextTick: (call: Listener, ...args: unknown[]) => queueMicrotask(() => call(...args)),
  });
  const load = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer' || name === 'electron/common') return electron;
    throw new Error(`module not found: ${name}`);
  };
  type Wrapped = (exports: object, require: typeof load, module: { exports: object }, process: object) => void;
  const run = (preload: Wrapped): void => {
    const module = { exports: {} };
    try {
      preload(module.exports, load, module, process);
    } catch (error) {
      const known = error instanceof Error ? error : new Error(String(error));
      tell({ t: 'preload-error', message: known.message, stack: known.stack ?? '' });
      console.error(error);
    }
  };
  Object.defineProperty(globalThis, config.entrance, { value: Object.assign(entrance, { run }) });
}
