import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The way from a client to its server: it can be shut, as a network is, and counts the rows that went through to the client. */
export interface Gate {
  readonly url: string;
  rows(): number;
  onRows(hear: (rows: number) => void): void;
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param marker a text that opens every row of a body and is nowhere else in it; counted in what the server sends, uncompressed
 */
export async function openGate(targetUrl: string, marker: string | null): Promise<Gate> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let rows = 0;
  let hear: (rows: number) => void = () => undefined;

  function count(answer: IncomingMessage): void {
    if (marker === null) return;
    let tail = '';
    answer.on('data', (piece: Buffer) => {
      const text = tail + piece.toString('latin1');
      const found = text.split(marker).length - 1;
      // The part that may be the beginning of a marker is looked at again with what follows it.
      const last = text.lastIndexOf(marker);
      tail = text.slice(Math.max(last < 0 ? 0 : last + marker.length, text.length - marker.length + 1));
      if (found === 0) return;
      rows += found;
      hear(rows);
    });
  }
  function relay(asked: IncomingMessage, answered: ServerResponse): void {
    const headers: Record<string, string | string[] | undefined> = { ...asked.headers, host: target.host };
    if (marker !== null) headers['accept-encoding'] = 'identity';
    const onward = request(
      { host: target.hostname, port: target.port, method: asked.method, path: asked.url, headers },
      (answer) => {
        count(answer);
        answered.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answered.flushHeaders();
        answer.pipe(answered);
        answer.on('error', () => answered.destroy());
      },
    );
    onward.setNoDelay(true);
    onward.on('error', () => answered.destroy());
    answered.on('close', () => onward.destroy());
    asked.pipe(onward);
  }
  const make = () => {
    const server = createServer({ noDelay: true }, relay);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return server;
  };
  const listen = (server: Server, port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  let server: Server | null = make();
  const port = await listen(server, 0);
  async function shut(): Promise<void> {
    const closing = server;
    if (closing === null) return;
    server = null;
    const closed = new Promise((resolve) => closing.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    rows: () => rows,
    onRows(next) {
      hear = next;
    },
    shut,
    async open() {
      if (server !== null) return;
      server = make();
      await listen(server, port);
    },
    close: shut,
  };
}
