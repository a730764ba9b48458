import { type ConsoleClient, type News, newsViews } from '../../protocol/console/client.ts';
import { createPortClient } from '../../protocol/console/port-client.ts';
import type { FrameTransport } from '../../protocol/console/transport.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

interface ReconnectDeps {
  open(): Promise<FrameTransport>;
  wait(ms: number): Promise<void>;
  random(): number;
}

/**
 * One client over a line that may be lost and come back (laptop asleep, host restarted).
 *
 * - A call that was under way when the line closed fails with `hostGone`: whether it took effect is not known. Acts carry a
 *   `requestId`, so sending one again is safe.
 * - A call made while the line is down fails with `hostGone` at once.
 * - Losing the line is told as news of `connection`; its return as news of every view, so that all screens pull again.
 *
 * Rejects when the first line cannot be opened.
 */
export async function createReconnectingClient(deps: ReconnectDeps): Promise<ConsoleClient> {
  const listeners = new Set<(news: News) => void>();
  const announce = (view: News['view']) => tell({ view, revision: 0, count: 0, ticketId: null });
  const tell = (news: News) => {
    for (const listener of [...listeners]) listener(news);
  };
  let ended = false;
  let current = attach(await deps.open());

  /** The client of a line; watches for its end. */
  function attach(transport: FrameTransport): ConsoleClient {
    const client = createPortClient({
      ...transport,
      onClose: (listener) =>
        transport.onClose(() => {
          listener();
          if (ended) return;
          announce('connection');
          reopen();
        }),
    });
    client.subscribe(tell);
    return client;
  }

  async function reopen(): Promise<void> {
    for (let limit = FIRST_WAIT_MS; !ended; limit = Math.min(limit * 2, LONGEST_WAIT_MS)) {
      await deps.wait(limit * (0.5 + deps.random() / 2));
      const transport = await deps.open().catch(() => null);
      if (transport === null) continue;
      if (ended) {
        transport.close();
        return;
      }
      current = attach(transport);
      for (const view of newsViews) announce(view);
      return;
    }
  }

  return {
    call: (method, params) => current.call(method, params),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      ended = true;
      current.close();
    },
  };
}
