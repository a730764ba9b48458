import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/core/sync/backoff.ts';
import { POKE_HEARTBEAT_MS } from '../../src/protocol/sync/messages.ts';
import { bugsOf, type ConsoleRig, createScene, emptyDisk, type Scene } from '../support/console/console-rig.ts';
import { createLinkState, type MemoryLink } from '../support/console/memory-client.ts';
import { actors, call, uuid } from '../support/world.ts';

const SECOND = 1_000;

/** Draws in [0, 1), the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A link whose calls are kept with the time of each. */
function timedLink(now: () => number): { link: MemoryLink; calls: { readonly at: number; readonly call: string }[] } {
  const calls: { at: number; call: string }[] = [];
  const link = createLinkState();
  link.transcript.push = (...names: string[]) => {
    for (const name of names) calls.push({ at: now(), call: name });
    return calls.length;
  };
  return { link, calls };
}

/** Consoles of one desk, online and listening. */
async function consoles(scene: Scene, count: number, link: MemoryLink): Promise<ConsoleRig[]> {
  const rigs = Array.from({ length: count }, () => scene.boot(emptyDisk(), link));
  for (const rig of rigs) {
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
  }
  await scene.time.advance(100);
  return rigs;
}

/** The store goes: every stream is ended in the same instant, and nothing gets an answer. */
function cut(scene: Scene, link: MemoryLink): void {
  link.down = { kind: 'offline' };
  for (const listener of [...scene.store.listeners]) listener.onClosed(null);
}

/** Largest share of what came in any one second, of `whole`. */
function peak(times: readonly number[], whole: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [at, time] of sorted.entries()) {
    while (time - (sorted[from] ?? 0) >= SECOND) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most / whole;
}

describe('live: many consoles after the store restarts', () => {
  it.each([
    { count: 1_000, seed: 1, downMs: 0, share: 0.35 },
    { count: 1_000, seed: 2, downMs: 20 * SECOND, share: 0.2 },
    { count: 300, seed: 3, downMs: 120 * SECOND, share: 0.12 },
  ])(
    '$count of them, away for $downMs ms: no second holds more than $share, and all come back',
    async ({ count, seed, downMs, share }) => {
      const scene = createScene(dice(seed));
      const { link, calls } = timedLink(scene.time.now);
      const rigs = await consoles(scene, count, link);
      await scene.time.advance(POKE_HEARTBEAT_MS);
      cut(scene, link);
      if (downMs === 0) link.down = null;
      await scene.time.advance(downMs);
      link.down = null;
      const back = scene.time.now();
      calls.length = 0;
      await scene.time.advance(90 * SECOND);
      const streams = calls.filter(({ call: name }) => name === 'poke').map(({ at }) => at);
      expect(streams.length).toBeGreaterThanOrEqual(count);
      expect(peak(streams, count)).toBeLessThan(share);
      expect(
        peak(
          calls.filter(({ call: name }) => name === 'hello').map(({ at }) => at),
          count,
        ),
      ).toBeLessThan(share);
      expect(Math.max(...streams) - back).toBeLessThan(70 * SECOND);
      for (const rig of rigs) expect((await rig.must('connection.get', {})).state).toBe('online');
      expect(rigs.flatMap(bugsOf)).toEqual([]);
    },
  );
});

describe('live: one line', () => {
  it('that was cut listens again within a second, and a lost contact begins again as soon', async () => {
    for (const lost of ['stream', 'contact'] as const) {
      const scene = createScene(dice(11));
      const { link, calls } = timedLink(scene.time.now);
      const rigs = await consoles(scene, 20, link);
      await scene.time.advance(POKE_HEARTBEAT_MS);
      calls.length = 0;
      const at = scene.time.now();
      if (lost === 'contact') link.next.pull = rigs.map(() => ({ kind: 'offline' }) as const);
      else for (const listener of [...scene.store.listeners]) listener.onClosed({ kind: 'offline' });
      if (lost === 'contact') scene.store.act(actors.beto, uuid(3_500), 'register', call);
      await scene.time.advance(SECOND + 100);
      const again = calls.filter(({ call: name }) => name === 'poke').map((one) => one.at - at);
      expect(again, lost).toHaveLength(rigs.length);
      expect(Math.min(...again)).toBeGreaterThanOrEqual(100);
    }
  });
});

describe('live: what stands between console and store', () => {
  const news = (scene: Scene, n: number) => scene.store.act(actors.beto, uuid(3_000 + n), 'register', call);
  const holds = (rig: ConsoleRig, n: number) =>
    rig
      .cache()
      .baseTickets()
      .some(({ id }) => id === uuid(3_000 + n));

  it('a proxy that holds back a stream’s body: headers come, no beat in 20 s; long polls bring the news', async () => {
    const scene = createScene();
    const { link, calls } = timedLink(scene.time.now);
    link.pokeBeats = false;
    const [rig] = await consoles(scene, 1, link);
    await scene.time.advance(19 * SECOND);
    expect(calls.some(({ call: name }) => name === 'longPoll')).toBe(false);
    await scene.time.advance(2 * SECOND);
    expect(calls.some(({ call: name }) => name === 'longPoll')).toBe(true);
    news(scene, 1);
    await scene.time.advance(26 * SECOND);
    expect(rig !== undefined && holds(rig, 1)).toBe(true);
  });

  it('one that cuts long polls too: polling with jitter, and the contact stands all the while', async () => {
    const scene = createScene(dice(7));
    const { link, calls } = timedLink(scene.time.now);
    link.pokeBeats = false;
    link.next.longPoll = Array.from({ length: 50 }, () => ({ kind: 'offline' }) as const);
    const [rig] = await consoles(scene, 1, link);
    if (rig === undefined) throw new Error('no console');
    const states = new Set<string>();
    rig.core.onNews(() => void rig.must('connection.get', {}).then(({ state }) => states.add(state)));
    await scene.time.advance(60 * SECOND);
    news(scene, 2);
    await scene.time.advance(46 * SECOND);
    expect(holds(rig, 2)).toBe(true);
    expect(calls.filter(({ call: name }) => name === 'longPoll')).toHaveLength(2);
    calls.length = 0;
    await scene.time.advance(450 * SECOND);
    const pulls = calls.filter(({ call: name }) => name === 'pull').map(({ at }) => at);
    const gaps = pulls.slice(1).map((at, index) => at - (pulls[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(8);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15 * SECOND);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(45 * SECOND);
    expect(new Set(gaps).size).toBeGreaterThan(5);
    expect([...states]).toEqual(['online']);
    // After ten minutes a stream is given another chance.
    link.pokeBeats = true;
    calls.length = 0;
    await scene.time.advance(200 * SECOND);
    expect(calls.filter(({ call: name }) => name === 'poke')).toHaveLength(1);
  });

  it('one blip of a long poll does not lessen it', async () => {
    const scene = createScene();
    const { link, calls } = timedLink(scene.time.now);
    link.pokeBeats = false;
    link.next.longPoll = [null, { kind: 'offline' }];
    await consoles(scene, 1, link);
    await scene.time.advance(150 * SECOND);
    expect(calls.filter(({ call: name }) => name === 'longPoll').length).toBeGreaterThan(3);
  });

  it('a store that asks for patience gets it from the stream’s and the poll’s side too', async () => {
    for (const [call, from] of [
      ['hello', 0],
      ['longPoll', 21],
      ['pull', 0],
    ] as const) {
      const scene = createScene();
      const { link, calls } = timedLink(scene.time.now);
      link.pokeBeats = false;
      link.next[call] = [{ kind: 'retryAfter', ms: 120 * SECOND, attempts: false }];
      await consoles(scene, 1, link);
      await scene.time.advance(from * SECOND);
      const first = calls.findIndex((one) => one.call === call);
      expect(first).toBeGreaterThanOrEqual(0);
      await scene.time.advance(300 * SECOND);
      const times = calls.filter((one) => one.call === call).map(({ at }) => at);
      expect((times[1] ?? 0) - (times[0] ?? 0), call).toBeGreaterThanOrEqual(120 * SECOND);
    }
  });

  it('the wait after a Retry-After is spread too', () => {
    const draw = dice(5);
    const waits = Array.from({ length: 1_000 }, () => backoffMs(4, draw(), 30_000));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
    expect(peak(waits, waits.length)).toBeLessThan(0.12);
  });
});
