import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A console's own line to the store: cut, it drops what runs and takes nothing new; the store goes on for everybody else. */
export interface Link {
  readonly url: string;
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function openLink(storeUrl: string): Promise<Link> {
  const store = new URL(storeUrl);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(store.port), store.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      whole = false;
      drop();
    },
    heal: () => {
      whole = true;
    },
    close: async () => {
      whole = false;
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}
