import { createFaultProxy } from '../../torture/link/fault-proxy.ts';

/** A console's own line to the store: cut, it drops what runs and takes nothing new; the store goes on for everybody else. */
export interface Link {
  readonly url: string;
  cut(): void;
  heal(): void;
  /** What the console sends goes through at this many bytes a second and no faster. */
  narrow(bytesPerSecond: number): void;
  close(): Promise<void>;
}

export async function openLink(storeUrl: string): Promise<Link> {
  const store = new URL(storeUrl);
  const proxy = await createFaultProxy({ target: { host: store.hostname, port: Number(store.port) }, seed: 0 });
  return {
    url: proxy.url,
    cut: () => proxy.set({ outage: 'refused' }),
    heal: () => proxy.set({}),
    narrow: (bytesPerSecond) => proxy.set({ up: { bytesPerSecond } }),
    close: proxy.close,
  };
}
