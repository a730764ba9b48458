import { PORT_MESSAGE } from '../../protocol/channels.ts';
import type { ConsoleClient } from '../../protocol/console/client.ts';
import { createPortClient } from '../../protocol/console/port-client.ts';
import type { FrameTransport } from '../../protocol/console/transport.ts';

/** What the preload puts on the page (BRIDGE in protocol/channels.ts). */
export interface PreloadBridge {
  /** Asks the host for the console's port, once a load; it arrives as a window message. */
  requestPort(): void;
}

declare global {
  interface Window {
    readonly chasqui?: PreloadBridge;
  }
}

const HANDOVER_LIMIT_MS = 20_000;

/** Waits for the port that the preload hands over. When the console's process ends, the host loads the page again. */
export async function connectElectron(bridge: PreloadBridge): Promise<ConsoleClient> {
  const port = await receivePort(bridge);
  return createPortClient(portTransport(port));
}

function receivePort(bridge: PreloadBridge): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      window.removeEventListener('message', receive);
      reject(new Error('the host handed over no console port'));
    }, HANDOVER_LIMIT_MS);
    function receive(event: MessageEvent): void {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
      clearTimeout(limit);
      window.removeEventListener('message', receive);
      resolve(port);
    }
    window.addEventListener('message', receive);
    bridge.requestPort();
  });
}

/** A DOM MessagePort as a line. */
export function portTransport(port: MessagePort): FrameTransport {
  let closed = false;
  let onClose = () => {};
  const end = () => {
    if (closed) return;
    closed = true;
    onClose();
  };
  port.addEventListener('close', end);
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      port.onmessage = (event) => listener(event.data);
    },
    onClose(listener) {
      onClose = listener;
      if (closed) listener();
    },
    close() {
      port.close();
      end();
    },
  };
}
