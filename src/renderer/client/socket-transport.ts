import type { FrameTransport } from '../../protocol/console/transport.ts';

/** Resolves to the line once the socket is open; rejects when it never opens. */
export function openSocket(socket: WebSocket): Promise<FrameTransport> {
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socketTransport(socket));
    socket.onclose = () => reject(new Error('the console did not answer'));
  });
}

function socketTransport(socket: WebSocket): FrameTransport {
  let closed = false;
  let onClose = () => {};
  socket.onclose = () => {
    closed = true;
    onClose();
  };
  return {
    send(frame) {
      if (!closed) socket.send(JSON.stringify(frame));
    },
    onFrame(listener) {
      socket.onmessage = (event: MessageEvent<unknown>) => {
        const frame = typeof event.data === 'string' ? parseJson(event.data) : undefined;
        if (frame !== undefined) listener(frame);
      };
    },
    onClose(listener) {
      onClose = listener;
      if (closed) listener();
    },
    close: () => socket.close(),
  };
}

/** Undefined for what is no JSON: the contract's client drops it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
