import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type MessagePort, MessageChannel as NodeChannel } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { socketTransport } from '../../src/portable/http/socket-transport.ts';
import type { ConsoleTarget } from '../../src/protocol/console/answer-call.ts';
import type { ConsoleClient } from '../../src/protocol/console/client.ts';
import { createDirectClient, createPortClient } from '../../src/protocol/console/port-client.ts';
import { servePort } from '../../src/protocol/console/port-server.ts';
import type { FrameTransport } from '../../src/protocol/console/transport.ts';

export interface Rig {
  client: ConsoleClient;
  /** Sends a raw frame to the host, past the client's own checks; null where there is no line. */
  raw: ((frame: unknown) => Promise<unknown>) | null;
  /** The host's end goes away; null where it cannot. */
  drop: (() => void) | null;
  end(): Promise<void>;
}
export type RigMaker = (target: ConsoleTarget, onBug?: (bug: unknown) => void) => Promise<Rig>;

const direct: RigMaker = async (target, onBug) => {
  const client = createDirectClient(target, onBug);
  return { client, raw: null, drop: null, end: async () => client.close() };
};

/** Structured clone through a real MessageChannel, as Electron's ports do it. */
const messagePort: RigMaker = async (target, onBug) => {
  const { port1, port2 } = new NodeChannel();
  const stop = servePort(nodePortTransport(port1), target, onBug);
  const line = nodePortTransport(port2);
  return { ...tapped(line), drop: stop, end: async () => port2.close() };
};

const webSocket: RigMaker = async (target, onBug) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 32 * 1024 * 1024 });
  server.on('connection', (socket) => servePort(socketTransport(socket), target, onBug));
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, 'open');
  return {
    ...tapped(socketTransport(socket)),
    drop() {
      for (const peer of server.clients) peer.terminate();
    },
    async end() {
      socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
};

export const rigs: Record<string, RigMaker> = {
  'direct call': direct,
  'structured clone over a MessagePort': messagePort,
  'a WebSocket': webSocket,
};

/** A client on a line, and a way to put a frame on that line by hand and read the answer with its id. */
function tapped(line: FrameTransport): Pick<Rig, 'client' | 'raw'> {
  const waiting = new Map<unknown, (frame: unknown) => void>();
  const client = createPortClient({
    ...line,
    onFrame: (listener) =>
      line.onFrame((frame) => {
        const id = typeof frame === 'object' && frame !== null && 'id' in frame ? frame.id : undefined;
        const resolve = waiting.get(id);
        waiting.delete(id);
        if (resolve) resolve(frame);
        else listener(frame);
      }),
  });
  const raw = (frame: unknown) => {
    const id = typeof frame === 'object' && frame !== null && 'id' in frame ? frame.id : undefined;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      line.send(frame);
    });
  };
  return { client, raw };
}

export function nodePortTransport(port: MessagePort): FrameTransport {
  let closed = false;
  let onClose = () => {};
  port.on('close', () => {
    closed = true;
    onClose();
  });
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      port.removeAllListeners('message');
      port.on('message', listener);
    },
    onClose(listener) {
      onClose = listener;
      if (closed) listener();
    },
    close: () => port.close(),
  };
}
