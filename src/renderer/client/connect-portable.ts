import type { ConsoleClient } from '../../protocol/console/client.ts';
import { createReconnectingClient } from './reconnecting-client.ts';
import { openSocket } from './socket-transport.ts';

/** The console served by the page's own origin. The session is the page's cookie; nothing secret is held here. */
export function connectPortable(page: { protocol: string; host: string }): Promise<ConsoleClient> {
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:';
  const url = `${scheme}//${page.host}/console`;
  return createReconnectingClient({
    open: () => openSocket(new WebSocket(url)),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
  });
}
