import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { WireCommand } from '../../src/protocol/sync/command.ts';
import { pushResponseSchema } from '../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

const HOUR = 3_600_000;
const TEN_YEARS = 3652 * 24 * HOUR;

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  ana = await store.signIn(desk.accounts.ana);
});
afterAll(() => store.close());

/** What a device wrote `agoMs` before now, in truth, with a clock off by `wrongBy`; it has been up for a day. */
const written = (agoMs: number, wrongBy: number, lastOffset: number | null): Pick<WireCommand, 'time'> => ({
  time: { deviceAt: Date.now() - agoMs + wrongBy, bootId: 'b1', monotonicMs: 24 * HOUR - agoMs, lastOffset },
});
async function push(commands: readonly WireCommand[], clock?: { bootId: string; monotonicMs: number }) {
  const body = { protocol: PROTOCOL_VERSION, ...(clock === undefined ? {} : { clock }), commands };
  const pushed = await store.send({ path: '/sync/v1/push', token: ana.tokens.accessToken, body });
  expect([pushed.status, pushed.status === 200 ? '' : pushed.text]).toEqual([200, '']);
  return pushResponseSchema.parse(JSON.parse(pushed.text));
}
const up = { bootId: 'b1', monotonicMs: 24 * HOUR };
async function stored(ticketId: string): Promise<{ ticket: Ticket; entries: TimelineEntry[] }> {
  const one = async (text: string) => (await store.db.pool.query<{ doc: string }>(text, [ticketId])).rows;
  const [ticket] = await one('select doc from tickets where id = $1');
  const entries = await one('select doc from entries where ticket_id = $1 order by seq');
  return { ticket: JSON.parse(ticket?.doc ?? 'null'), entries: entries.map(({ doc }) => JSON.parse(doc)) };
}

describe('SY15 the store dates what devices with wrong clocks write', () => {
  it.each([TEN_YEARS, -TEN_YEARS, 24 * HOUR, -24 * HOUR])(
    'off by %i ms, offset never known or of another day: by how long ago it was',
    async (wrongBy) => {
      const ticketId = v7();
      const pause = { from: 'assigned' as const, to: 'pending' as const, pendingReason: 'user' as const };
      const goOn = { from: 'pending' as const, to: 'inProgress' as const, pendingReason: null };
      const { results } = await push(
        [
          ana.command('register', ticketId, registerPayload(desk), written(5 * HOUR, wrongBy, null)),
          ana.command('claim', ticketId, {}, written(4 * HOUR, wrongBy, 0)),
          // The clock jumps back and forth between the acts.
          ana.command('changeStatus', ticketId, pause, written(3 * HOUR, -wrongBy, null)),
          ana.command('changeStatus', ticketId, goOn, written(HOUR, wrongBy, wrongBy)),
        ],
        up,
      );
      expect(results.map(({ outcome }) => outcome.verdict.kind)).not.toContain('refused');
      const { ticket, entries } = await stored(ticketId);
      for (const entry of entries) {
        expect(entry.occurredAt).toBeLessThanOrEqual(entry.recordedAt ?? 0);
        expect(entry.deviceAt).not.toBe(entry.occurredAt);
        expect(entry.timeQuality).toBe('skewed');
      }
      // What the clocks of the service level run on: true to the journey of the push.
      const near = (at: number | null, ago: number) => Math.abs((at ?? 0) - (Date.now() - ago)) < 60_000;
      expect(near(ticket.clocks.registeredAt, 5 * HOUR)).toBe(true);
      expect(Math.abs(ticket.clocks.pausedMs - 2 * HOUR)).toBeLessThan(60_000);
      // The year of the number is the year of the store's receipt.
      expect(ticket.number).toContain(`-${new Date().getFullYear()}-`);
    },
  );

  it('of another boot, or of an old console that says nothing of its clock: by the offset it believed in, never after the receipt', async () => {
    for (const clock of [undefined, { bootId: 'b2', monotonicMs: 60_000 }]) {
      const ticketId = v7();
      await push(
        [ana.command('register', ticketId, registerPayload(desk), written(HOUR, TEN_YEARS, -TEN_YEARS))],
        clock,
      );
      const { entries } = await stored(ticketId);
      expect(Math.abs((entries[0]?.occurredAt ?? 0) - (Date.now() - HOUR))).toBeLessThan(60_000);
      const ahead = v7();
      await push([ana.command('register', ahead, registerPayload(desk), written(HOUR, TEN_YEARS, null))], clock);
      const [entry] = (await stored(ahead)).entries;
      expect(entry).toMatchObject({ occurredAt: entry?.recordedAt, timeQuality: 'unknown' });
    }
  });

  it('a repetition with another reading of the clock changes nothing (SY11)', async () => {
    const ticketId = v7();
    const command = ana.command('register', ticketId, registerPayload(desk), written(2 * HOUR, -TEN_YEARS, null));
    const first = await push([command], up);
    const again = await push([command], { bootId: 'b1', monotonicMs: 90 * HOUR });
    expect(again.results[0]).toEqual({ replayed: true, outcome: first.results[0]?.outcome });
    expect((await stored(ticketId)).entries).toHaveLength(1);
  });
});
