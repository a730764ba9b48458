import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes the place of the store's answer to one request; null leaves it to the store. */
export type Instead = (path: string, body: string) => Answer | null | Promise<Answer | null>;
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A console's way to the store that answers some requests itself, as a store of another version would. */
export interface StoreProxy {
  readonly url: string;
  /** From now on; null: every request goes through. */
  answer(instead: Instead | null): void;
  close(): Promise<void>;
}

export async function openStoreProxy(storeUrl: string): Promise<StoreProxy> {
  const store = new URL(storeUrl);
  let instead: Instead | null = null;
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const own = (await instead?.(incoming.url ?? '/', body.toString())) ?? null;
    if (own !== null) {
      outgoing.writeHead(own.status, { 'content-type': 'application/json; charset=utf-8' });
      outgoing.end(JSON.stringify(own.body));
      return;
    }
    const { method, url: path, headers } = incoming;
    const far = request({ host: store.hostname, port: store.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    far.on('error', () => outgoing.destroy());
    outgoing.on('close', () => far.destroy());
    far.end(body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (next) => {
      instead = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The body that every failure of the store has. */
export const failure = (code: string, status: number): Answer => ({ status, body: { error: { code, message: code } } });
