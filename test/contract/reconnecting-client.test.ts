import { describe, expect, test, vi } from 'vitest';
import { type News, newsViews } from '../../src/protocol/console/client.ts';
import { servePort } from '../../src/protocol/console/port-server.ts';
import type { FrameTransport } from '../../src/protocol/console/transport.ts';
import { createReconnectingClient } from '../../src/renderer/client/reconnecting-client.ts';
import { err, ok } from '../../src/shared/result.ts';
import { createFakeTarget } from './fake-target.ts';

/** Two ends of one line in this process; frames cross in a later turn, as they do over a socket. */
function line(): [FrameTransport, FrameTransport] {
  const ends = [0, 1].map(() => ({ onFrame: (_frame: unknown) => {}, onClose: () => {} }));
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    for (const end of ends) end.onClose();
  };
  const end = (mine: number): FrameTransport => ({
    send: (frame) => queueMicrotask(() => open && ends[1 - mine]?.onFrame(structuredClone(frame))),
    onFrame(listener) {
      (ends[mine] as (typeof ends)[number]).onFrame = listener;
    },
    onClose(listener) {
      (ends[mine] as (typeof ends)[number]).onClose = listener;
    },
    close,
  });
  return [end(0), end(1)];
}

async function rig() {
  const fake = createFakeTarget(async (call) =>
    call.method === 'away.get' ? new Promise(() => {}) : ok({ accounts: [] }),
  );
  const hostEnds: FrameTransport[] = [];
  const state = { refusals: 0, waits: [] as number[] };
  const client = await createReconnectingClient({
    async open() {
      if (state.refusals > 0) {
        state.refusals -= 1;
        throw new Error('nobody there');
      }
      const [page, host] = line();
      servePort(host, fake.target);
      hostEnds.push(host);
      return page;
    },
    async wait(ms) {
      state.waits.push(ms);
    },
    random: () => 1,
  });
  const heard: News[] = [];
  client.subscribe((news) => heard.push(news));
  return { client, fake, hostEnds, state, heard };
}

describe('a line that is lost and comes back', () => {
  test('pending calls fail, the loss is told at once, and after the return everything is pulled again', async () => {
    const { client, hostEnds, state, heard } = await rig();
    const pending = client.call('away.get', {});
    state.refusals = 3;
    hostEnds[0]?.close();
    expect(await pending).toEqual(err({ code: 'hostGone', params: {} }));
    expect(heard[0]?.view).toBe('connection');
    await vi.waitFor(() => expect(hostEnds).toHaveLength(2), { timeout: 20_000 });
    await vi.waitFor(() => expect(heard.map((news) => news.view)).toEqual(['connection', ...newsViews]), {
      timeout: 20_000,
    });
    expect(state.waits).toEqual([100, 200, 400, 800]);
    expect(await client.call('session.trialAccounts', {})).toEqual(ok({ accounts: [] }));
  });

  test('news of the new line arrive once', async () => {
    const { fake, hostEnds, heard } = await rig();
    hostEnds[0]?.close();
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1), { timeout: 20_000 });
    heard.length = 0;
    fake.tell({ view: 'queue', revision: 3, count: 1, ticketId: null });
    await vi.waitFor(() => expect(heard).toEqual([{ view: 'queue', revision: 3, count: 1, ticketId: null }]), {
      timeout: 20_000,
    });
  });

  test('a call made while it is down fails at once', async () => {
    const { client, hostEnds, state } = await rig();
    state.refusals = Number.POSITIVE_INFINITY;
    hostEnds[0]?.close();
    expect(await client.call('session.trialAccounts', {})).toEqual(err({ code: 'hostGone', params: {} }));
    client.close();
  });

  test('a closed client stays closed', async () => {
    const { client, hostEnds, heard } = await rig();
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hostEnds).toHaveLength(1);
    expect(heard).toEqual([]);
  });

  test('a host that never answered is an error of the first connection', async () => {
    const open = () => Promise.reject(new Error('nobody there'));
    await expect(createReconnectingClient({ open, wait: async () => {}, random: () => 0 })).rejects.toThrow(
      'nobody there',
    );
  });
});
