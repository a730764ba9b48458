import type { WebSocket } from 'ws';
import type { FrameTransport } from '../../protocol/console/transport.ts';

/** A WebSocket of this host as a line of the contract. A message that is no JSON text ends the line: it is not our page. */
export function socketTransport(socket: WebSocket): FrameTransport {
  let closed = false;
  let onClose = () => {};
  socket.on('close', () => {
    closed = true;
    onClose();
  });
  // An error is always followed by `close`; the listener keeps it from ending the process.
  socket.on('error', () => socket.terminate());
  return {
    send(frame) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame(listener) {
      socket.removeAllListeners('message');
      socket.on('message', (data, isBinary) => {
        const frame = isBinary ? undefined : parseJson(data.toString());
        if (frame === undefined) socket.close(1003);
        else listener(frame);
      });
    },
    onClose(listener) {
      onClose = listener;
      if (closed) listener();
    },
    close: () => socket.close(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
