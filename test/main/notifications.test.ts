import { expect, test, vi } from 'vitest';
import { createAnnouncer } from '../../src/main/notifications.ts';
import { createDirectClient } from '../../src/protocol/console/port-client.ts';
import type { Arrival, Connection } from '../../src/protocol/console/rows.ts';
import { err, ok } from '../../src/shared/result.ts';
import { type Call, createFakeTarget } from '../contract/fake-target.ts';

const uuid = (n: number) => `0199a5b2-7c11-7d3e-8a54-${String(n).padStart(12, '0')}`;
const HOUR = 3_600_000;
const NOON = 1_790_000_000_000;

/** Somebody at a console whose device clock and store stand as the test says; `store()` is the store's time. */
function rig(skewMs = 0) {
  const time = { store: NOON, monotonic: 5_000, skewMs };
  const world: { personId: string | null; state: Connection['state']; arrivals: Arrival[]; broken: boolean } = {
    personId: uuid(902),
    state: 'online',
    arrivals: [],
    broken: false,
  };
  const answer = async (call: Call) => {
    if (call.method === 'connection.get') {
      const beyond = Math.abs(time.skewMs) > 120_000;
      return ok({ ...connection, state: world.state, clockSkewMs: beyond ? -time.skewMs : null });
    }
    if (world.broken) return err({ code: 'ioError' as const, params: {} });
    if (world.personId === null) return err({ code: 'notSignedIn' as const, params: {} });
    return ok({ personId: world.personId, arrivals: world.arrivals });
  };
  const fake = createFakeTarget(answer);
  const said: Arrival[] = [];
  const bugs = vi.fn();
  const clock = { now: () => time.store + time.skewMs, monotonicMs: () => time.monotonic };
  createAnnouncer(createDirectClient(fake.target, bugs), clock, (arrival) => said.push(arrival));
  const pass = (ms: number) => {
    time.store += ms;
    time.monotonic += ms;
  };
  /** News, and the looks that follow them: a look ends when the line is idle. */
  const news = async (view: 'queue' | 'session' | 'connection' = 'queue') => {
    fake.tell({ view, revision: 1, count: 1, ticketId: null });
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(bugs.mock.calls).toEqual([]);
  };
  const arrival = (n: number, over: Partial<Arrival> = {}): Arrival => ({
    kind: 'assigned',
    ticketId: uuid(n),
    seq: 2,
    recordedAt: time.store,
    code: `MDS-2026-${String(n).padStart(6, '0')}`,
    subject: `Asunto ${n}`,
    ...over,
  });
  return { world, time, said, news, pass, arrival, calls: fake.calls };
}
const connection = {
  since: 1,
  lastContactAt: 1,
  nextAttemptAt: null,
  pendingActs: 0,
  refusedActs: 0,
  uploads: { waiting: 0, bytes: 0 },
  fill: null,
  trouble: null,
  notices: [],
};
const numbers = (said: readonly Arrival[]) => said.map(({ ticketId }) => Number(ticketId.slice(-4)));

test('R14 what somebody else assigns or escalates to me is announced once', async () => {
  const { world, said, news, pass, arrival } = rig();
  await news('session');
  pass(HOUR);
  world.arrivals = [arrival(3, { kind: 'escalated', code: 'P-3' }), arrival(2)];
  await news();
  expect(said.map(({ kind, code }) => [kind, code])).toEqual([
    ['escalated', 'P-3'],
    ['assigned', 'MDS-2026-000002'],
  ]);
  await news();
  expect(said).toHaveLength(2);
});

test('R14 a ticket that went and came back between two looks is announced again: it is another arrival', async () => {
  const { world, said, news, pass, arrival } = rig();
  await news('session');
  world.arrivals = [arrival(4)];
  await news();
  pass(1_000);
  world.arrivals = [arrival(4, { seq: 7 })];
  await news();
  expect(numbers(said)).toEqual([4, 4]);
});

test('R14 what came while the first look was still under way is announced; what was there the day before is not', async () => {
  const { world, said, news, arrival } = rig();
  world.arrivals = [arrival(5), arrival(6, { recordedAt: NOON - 24 * HOUR })];
  await news('session');
  expect(numbers(said)).toEqual([5]);
});

test('nothing is decided before a contact says what time it is at the store; then nothing of meanwhile is missed', async () => {
  const { world, said, news, pass, arrival } = rig();
  world.state = 'connecting';
  await news('session');
  pass(10 * 60_000);
  world.arrivals = [arrival(7)];
  await news();
  expect(said).toEqual([]);
  world.state = 'catchingUp';
  await news('connection');
  expect(numbers(said)).toEqual([7]);
});

test.each([10 * 365 * 24 * HOUR, -10 * 365 * 24 * HOUR, 24 * HOUR])(
  'SY15 a device clock that is off by %i ms, or jumps back to the truth, hides nothing and repeats nothing',
  async (skewMs) => {
    const { world, time, said, news, pass, arrival } = rig(skewMs);
    world.arrivals = [arrival(8, { recordedAt: NOON - HOUR })];
    await news('session');
    pass(HOUR);
    world.arrivals = [arrival(9), ...world.arrivals];
    await news();
    expect(numbers(said)).toEqual([9]);
    time.skewMs = 0;
    pass(HOUR);
    world.arrivals = [arrival(10), ...world.arrivals];
    await news();
    expect(numbers(said)).toEqual([9, 10]);
  },
);

test('another person at this console starts anew; nobody signed in hears nothing; a failed look costs nothing', async () => {
  const { world, said, news, pass, arrival } = rig();
  await news('session');
  world.personId = null;
  world.arrivals = [arrival(11)];
  await news();
  pass(HOUR);
  world.personId = uuid(903);
  await news('session');
  expect(said).toEqual([]);
  world.arrivals = [arrival(12), ...world.arrivals];
  world.broken = true;
  await news();
  world.broken = false;
  await news();
  expect(numbers(said)).toEqual([12]);
});

test('a day away is not a hundred notifications', async () => {
  const { world, said, news, arrival } = rig();
  await news('session');
  world.arrivals = Array.from({ length: 40 }, (_, n) => arrival(n + 10));
  await news();
  expect(said).toHaveLength(5);
  await news();
  expect(said).toHaveLength(5);
});
