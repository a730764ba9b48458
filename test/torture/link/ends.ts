import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../../../torture/link/fault-proxy.ts';
import type { LinkFaults } from '../../../torture/link/faults.ts';

/** A far end on a port of its own, and the proxy before it; both are gone when the test is. */
export async function openLinkTo(
  serve: (socket: Socket) => void,
  options: { readonly faults?: LinkFaults; readonly seed?: number } = {},
): Promise<FaultProxy> {
  const far = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  const farPort = await listen(far);
  const link = await createFaultProxy({
    target: { host: '127.0.0.1', port: farPort },
    seed: options.seed ?? 1,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
  });
  onTestFinished(async () => {
    await link.close();
    far.close();
  });
  return link;
}

export async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Sends back what it gets, and ends when the other end does. */
export const echo = (socket: Socket): void => {
  socket.pipe(socket);
};

/** A console's end that keeps everything it is told. */
export interface NearEnd {
  readonly socket: Socket;
  text(): string;
  /** How it ended: `null` while it has not. */
  ending(): 'fin' | 'rst' | null;
  ended: Promise<'fin' | 'rst'>;
}

export async function openEnd(link: FaultProxy): Promise<NearEnd> {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
  const pieces: Buffer[] = [];
  let how: 'fin' | 'rst' | null = null;
  const ended = new Promise<'fin' | 'rst'>((resolve) => {
    const end = (kind: 'fin' | 'rst') => {
      how ??= kind;
      resolve(how);
    };
    socket.on('error', () => end('rst'));
    socket.on('end', () => {
      end('fin');
      socket.end();
    });
  });
  socket.on('data', (piece) => pieces.push(piece));
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return { socket, text: () => Buffer.concat(pieces).toString(), ending: () => how, ended };
}
