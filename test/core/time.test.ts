import { describe, expect, it } from 'vitest';
import { RETENTION_MS } from '../../src/core/sync/engine.ts';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { actors, call, uuid } from '../support/world.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const TEN_YEARS = 3652 * DAY;
let asked = 91_000;

const note = (rig: ConsoleRig, ticketId: string, text: string) =>
  rig.must('acts.submit', {
    requestId: uuid(asked++),
    atomic: false,
    acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text } }],
    clearDraft: null,
  });
const connection = (rig: ConsoleRig) => rig.must('connection.get', {});
/** Turns the machine off for `ms`, with another boot after it; the clock may come up wrong. */
async function reboot(scene: Scene, rig: ConsoleRig, ms: number, skewMs: number): Promise<ConsoleRig> {
  const next = await rig.crash();
  await next.core.stop();
  await scene.time.advance(ms);
  const again = scene.boot(rig.disk, rig.link);
  Object.assign(again.device, { skewMs, bootId: `boot-${scene.time.now()}`, bootedAt: scene.time.now() });
  rig.disk.inUse.clear();
  again.core.start();
  await scene.time.advance(10);
  return again;
}
/** The program is closed for `ms`, on a machine that stays up. */
async function closed(scene: Scene, rig: ConsoleRig, ms: number): Promise<ConsoleRig> {
  const ended = rig.core.stop();
  await scene.time.advance(3_000);
  await ended;
  await scene.time.advance(ms);
  rig.disk.inUse.clear();
  const next = scene.boot(rig.disk, rig.link);
  Object.assign(next.device, rig.device);
  next.core.start();
  await scene.time.advance(10);
  return next;
}
const textsAtStore = (scene: Scene, ticketId: string) =>
  required(scene.store.entries.get(ticketId)).flatMap(({ event }) => (event.type === 'noteAdded' ? [event.text] : []));

describe('SY15 a clock that jumps between acts', () => {
  it.each([DAY, -DAY, TEN_YEARS, -TEN_YEARS])(
    'by %i ms, back and forth, online and offline: order, times and the store’s answers are as ever',
    async (jump) => {
      const scene = createScene();
      const rig = await signedIn(scene);
      const ticketId = uuid(5_000);
      scene.store.act(actors.ana, ticketId, 'register', call);
      await scene.time.advance(MINUTE);
      const acts: { text: string; at: number; device: number }[] = [];
      for (let n = 0; n < 12; n += 1) {
        if (n === 4) rig.link.down = { kind: 'offline' };
        if (n === 9) rig.link.down = null;
        rig.device.skewMs += n % 2 === 0 ? jump : -jump;
        const text = `nota ${n}`;
        await note(rig, ticketId, text);
        acts.push({ text, at: scene.time.now(), device: scene.time.now() + rig.device.skewMs });
        await scene.time.advance(3 * MINUTE);
      }
      await rig.must('connection.retryNow', {});
      await scene.time.advance(2 * MINUTE);
      const entries = required(scene.store.entries.get(ticketId)).filter(({ event }) => event.type === 'noteAdded');
      // Order of writing, whatever the clock said meanwhile (SY3); both times kept; the act's is true to the second.
      expect(textsAtStore(scene, ticketId)).toEqual(acts.map(({ text }) => text));
      for (const [at, entry] of entries.entries()) {
        expect(entry.deviceAt).toBe(acts[at]?.device);
        expect(Math.abs(entry.occurredAt - (acts[at]?.at ?? 0))).toBeLessThan(1_000);
        expect(entry.occurredAt).toBeLessThanOrEqual(required(entry.recordedAt));
      }
      expect(rig.commands().filter(({ state }) => state !== 'applied')).toEqual([]);
      expect(await connection(rig)).toMatchObject({
        state: 'online',
        clockSkewMs: rig.device.skewMs === 0 ? null : -rig.device.skewMs,
      });
      expect(bugsOf(rig)).toEqual([]);
    },
  );

  it('back by ten years while a push is under way: answered once, once at the store', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = uuid(5_001);
    scene.store.act(actors.ana, ticketId, 'register', call);
    await scene.time.advance(MINUTE);
    rig.link.loseAnswers = 2;
    await note(rig, ticketId, 'durante el envío');
    rig.device.skewMs = -TEN_YEARS;
    await scene.time.advance(10 * MINUTE);
    expect(textsAtStore(scene, ticketId)).toEqual(['durante el envío']);
    expect(rig.commands().map(({ state }) => state)).toEqual(['applied']);
  });

  it('no wait is stuck and none is cut short: what the screen says of the next attempt moves with the clock', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(5 * MINUTE);
    const lostAt = (await connection(rig)).since;
    const contactAt = required((await connection(rig)).lastContactAt);
    for (const skewMs of [TEN_YEARS, -TEN_YEARS, 0]) {
      rig.device.skewMs = skewMs;
      const { nextAttemptAt, since, lastContactAt } = await connection(rig);
      const now = scene.time.now() + skewMs;
      expect(required(nextAttemptAt) - now).toBeGreaterThanOrEqual(0);
      expect(required(nextAttemptAt) - now).toBeLessThanOrEqual(MINUTE);
      expect(since - skewMs).toBe(lostAt);
      expect(required(lastContactAt) - skewMs).toBe(contactAt);
      rig.link.transcript.length = 0;
      await scene.time.advance(2 * MINUTE);
      expect(rig.link.transcript.filter((name) => name === 'hello').length).toBeGreaterThan(0);
    }
    rig.link.down = null;
    await scene.time.advance(2 * MINUTE);
    expect((await connection(rig)).state).toBe('online');
  });

  it('a session goes on: the token is renewed by the clock that does not jump', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = uuid(5_005);
    scene.store.act(actors.ana, ticketId, 'register', call);
    await scene.time.advance(MINUTE);
    for (const skewMs of [TEN_YEARS, -TEN_YEARS, DAY, 0]) {
      rig.device.skewMs = skewMs;
      await scene.time.advance(20 * MINUTE);
      await note(rig, ticketId, 'otra');
      await scene.time.advance(MINUTE);
      expect((await connection(rig)).state).toBe('online');
    }
    expect(rig.link.refreshes).toHaveLength(4);
    expect(textsAtStore(scene, ticketId)).toHaveLength(4);
  });
});

describe('SY15 SY14 what is kept for 45 days is kept for 45 true days', () => {
  const answered = async (skewAtAnswer: number) => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = uuid(5_002);
    scene.store.act(actors.ana, ticketId, 'register', call);
    await scene.time.advance(MINUTE);
    rig.device.skewMs = skewAtAnswer;
    await note(rig, ticketId, 'guardada');
    await scene.time.advance(MINUTE);
    expect(rig.commands().map(({ state }) => state)).toEqual(['applied']);
    return { scene, rig };
  };
  /** A contact anew, at which what is old enough is let go. */
  const meet = async (scene: Scene, rig: ConsoleRig) => {
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(MINUTE);
    rig.link.down = null;
    await scene.time.advance(3 * MINUTE);
    expect((await connection(rig)).state).toBe('online');
  };
  it.each([TEN_YEARS, -TEN_YEARS, 0])(
    'answered under a clock off by %i ms; then it is right, then off the other way',
    async (skew) => {
      const { scene, rig: first } = await answered(skew);
      let rig = first;
      for (const later of [0, TEN_YEARS, -TEN_YEARS, 0]) {
        rig.device.skewMs = later;
        await meet(scene, rig);
        expect(rig.commands()).toHaveLength(1);
      }
      rig = await closed(scene, rig, RETENTION_MS - DAY);
      await meet(scene, rig);
      expect(rig.commands()).toHaveLength(1);
      rig = await closed(scene, rig, 2 * DAY);
      await meet(scene, rig);
      expect(rig.commands()).toHaveLength(0);
    },
  );

  it('a request repeated after the clock was set right is still the same request', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = uuid(5_003);
    scene.store.act(actors.ana, ticketId, 'register', call);
    await scene.time.advance(MINUTE);
    rig.device.skewMs = -TEN_YEARS;
    const request = {
      requestId: uuid(asked++),
      atomic: false,
      acts: [{ ticketId, type: 'addNote' as const, payload: { visibility: 'internal', text: 'una vez' } }],
      clearDraft: null,
    };
    const first = await rig.must('acts.submit', request);
    rig.device.skewMs = 0;
    await meet(scene, rig);
    expect(await rig.must('acts.submit', request)).toEqual(first);
    await scene.time.advance(MINUTE);
    expect(textsAtStore(scene, ticketId)).toEqual(['una vez']);
  });
});

describe('SY15 over a reboot with a clock that came up wrong', () => {
  it.each([TEN_YEARS, -TEN_YEARS])(
    'by %i ms, offline: nobody is locked out, nothing is refused, and the store dates the acts truly',
    async (skew) => {
      const scene = createScene();
      const rig = await signedIn(scene);
      const ticketId = uuid(5_004);
      scene.store.act(actors.ana, ticketId, 'register', call);
      await scene.time.advance(MINUTE);
      rig.link.down = { kind: 'offline' };
      const again = await reboot(scene, rig, 2 * DAY, skew);
      await scene.time.advance(5 * MINUTE);
      expect((await connection(again)).state).toBe('offline');
      await note(again, ticketId, 'con el reloj muerto');
      const actAt = scene.time.now();
      await scene.time.advance(4 * 60 * MINUTE);
      again.link.down = null;
      await scene.time.advance(2 * MINUTE);
      const entry = required(required(scene.store.entries.get(ticketId)).at(-1));
      expect(entry).toMatchObject({
        event: { text: 'con el reloj muerto' },
        deviceAt: actAt + skew,
        timeQuality: 'skewed',
      });
      expect(Math.abs(entry.occurredAt - actAt)).toBeLessThan(1_000);
      expect((await connection(again)).clockSkewMs).toBe(-skew);
      expect(bugsOf(again)).toEqual([]);
    },
  );

  it('thirty true days without contact lock reading, whatever the clock; a contact unlocks', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    let again = await reboot(scene, rig, MINUTE, -TEN_YEARS);
    again = await closed(scene, again, 29 * DAY);
    await scene.time.advance(MINUTE);
    expect((await connection(again)).state).toBe('offline');
    again = await closed(scene, again, 2 * DAY);
    await scene.time.advance(MINUTE);
    expect((await connection(again)).state).toBe('reauthLocked');
    again.link.down = null;
    await scene.time.advance(2 * MINUTE);
    expect((await connection(again)).state).toBe('online');
  });
});
