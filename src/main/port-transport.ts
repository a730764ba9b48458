import type { MessagePortMain } from 'electron';
import type { FrameTransport } from '../protocol/console/transport.ts';

/** A port of main or of the utility process as a line of the contract. */
export function portTransport(port: MessagePortMain): FrameTransport {
  let closed = false;
  let onClose = () => {};
  let listener = (_frame: unknown) => {};
  port.on('message', (event) => listener(event.data));
  port.on('close', () => {
    closed = true;
    onClose();
  });
  return {
    send(frame) {
      if (!closed) port.postMessage(frame);
    },
    onFrame(next) {
      listener = next;
      port.start();
    },
    onClose(next) {
      onClose = next;
      if (closed) next();
    },
    close: () => port.close(),
  };
}
