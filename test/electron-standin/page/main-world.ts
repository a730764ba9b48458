/// <reference lib="dom" />
import type { createBridgePeer as CreateBridgePeer } from './bridge-peer.ts';
import type { createCodec as CreateCodec } from './codec.ts';

/**
 * What Electron puts into the page's own world: the APIs that the preload exposes, and a window.open that asks main.
 * Sent to the page as source: it may use nothing from outside itself.
 */
export function installMainWorld(
  createCodec: typeof CreateCodec,
  createBridgePeer: typeof CreateBridgePeer,
  toPreload: string,
  fromPreload: string,
): void {
  if (window !== window.top) return;
  const freeze = (value: unknown): unknown => {
    if (value !== null && typeof value === 'object' && !(value instanceof Promise) && !ArrayBuffer.isView(value)) {
      for (const item of Object.values(value)) freeze(item);
      Object.freeze(value);
    }
    return value;
  };
  const peer = createBridgePeer(createCodec, toPreload, fromPreload, (kind, body) => {
    if (kind !== 'expose') return;
    const [key, api] = JSON.parse(body) as [string, string];
    if (Object.hasOwn(window, key)) return;
    const value = freeze(peer.decode(api));
    Object.defineProperty(window, key, { value, writable: false, configurable: false, enumerable: true });
  });
  // Whichever world was set up first, the preload's end tells what it has exposed once it hears this.
  peer.tell('hello', '');
  window.open = (url?: string | URL, name?: string, features?: string): null => {
    const target = url === undefined || url === '' ? 'about:blank' : new URL(String(url), document.baseURI).href;
    peer.tell('window-open', JSON.stringify([target, name ?? '', features ?? '']));
    return null;
  };
}
