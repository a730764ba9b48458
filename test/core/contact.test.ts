import { describe, expect, it } from 'vitest';
import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import { input } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { expectWhole, populate } from '../support/console/desk-of-many.ts';
import { uuid } from '../support/world.ts';

const connection = (rig: ConsoleRig) => rig.must('connection.get', {});

describe('contact', () => {
  it.each([
    [{ kind: 'certificateUntrusted' }, 'certificateUntrusted'],
    [{ kind: 'proxyAuthRequired' }, 'proxyAuthRequired'],
    [{ kind: 'offline' }, 'offline'],
    [{ kind: 'consoleTooOld' }, 'consoleTooOld'],
    [{ kind: 'broken' }, 'offline'],
  ] as const satisfies readonly (readonly [StoreFailure, string])[])(
    '%o is shown as %s, and mends by itself',
    async (failure, state) => {
      const scene = createScene();
      const rig = await signedIn(scene);
      rig.link.down = failure;
      await rig.core.handle('connection.retryNow', {});
      await scene.time.advance(30_000);
      expect((await connection(rig)).state).toBe(failure.kind === 'broken' ? 'online' : state);
      rig.link.down = null;
      await scene.time.advance(300_000);
      expect((await connection(rig)).state).toBe('online');
    },
  );

  it('SY16: a console too old to read still pushes', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const registered = await rig.must('acts.register', {
      requestId: uuid(71_100),
      input: input,
      claim: false,
      resolveWith: null,
      clearDraft: null,
    });
    rig.link.next.hello = Array.from({ length: 99 }, () => ({ kind: 'consoleTooOld' }) as const);
    rig.link.next.pull = Array.from({ length: 99 }, () => ({ kind: 'consoleTooOld' }) as const);
    rig.link.next.push = [{ kind: 'offline' }];
    await scene.time.advance(120_000);
    expect((await connection(rig)).state).toBe('consoleTooOld');
    expect(scene.store.tickets.has(registered.ok ? registered.ticketId : '')).toBe(true);
  });

  it('a session that the store ended: nothing lost, sign in to go on', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.revoked.add('ana');
    const register = { input: input, claim: false, resolveWith: null, clearDraft: null };
    await rig.must('acts.register', { requestId: uuid(71_200), ...register });
    await scene.time.advance(60_000);
    expect(await connection(rig)).toMatchObject({ state: 'sessionExpired', pendingActs: 1 });
    expect(await rig.must('session.get', {})).toMatchObject({ needsPassword: true });
    await rig.must('acts.register', { requestId: uuid(71_201), ...register });
    rig.link.revoked.clear();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(60_000);
    expect(await connection(rig)).toMatchObject({ state: 'online', pendingActs: 0 });
    expect(scene.store.tickets.size).toBe(2);
  });

  it('an access token that ran out is renewed on the way; a lost answer asks with the same request id', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.next.refresh = [{ kind: 'offline' }, { kind: 'offline' }];
    await scene.time.advance(1_200_000);
    expect((await connection(rig)).state).toBe('online');
    populate(scene, 1);
    await scene.time.advance(120_000);
    const [a, b, c] = rig.link.refreshes;
    expect([b?.requestId, c?.requestId]).toEqual([a?.requestId, a?.requestId]);
    await scene.time.advance(1_200_000);
    await rig.core.handle('connection.retryNow', {});
    await scene.time.advance(1_000);
    expect(rig.link.refreshes.at(-1)?.requestId).not.toBe(a?.requestId);
  });

  it('Retry-After is honoured', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    rig.link.next.hello = [{ kind: 'retryAfter', ms: 120_000, attempts: false }];
    rig.link.down = null;
    rig.link.transcript.length = 0;
    await rig.core.handle('connection.retryNow', {});
    await scene.time.advance(119_000);
    expect(rig.link.transcript).toEqual(['hello']);
    await scene.time.advance(120_000);
    expect((await connection(rig)).state).toBe('online');
  });

  it('poke: a stream with no heartbeat in 20 s gives way to long polls; news arrive all the same', async () => {
    const scene = createScene();
    const rig = scene.boot();
    rig.link.pokeBeats = false;
    await signedIn(scene, 'ana', rig);
    await scene.time.advance(30_000);
    populate(scene, 1);
    await scene.time.advance(60_000);
    expect(rig.link.transcript).toContain('longPoll');
    expectWhole(scene, rig);
  });

  it('poke: where long polls fail too, polling with jitter', async () => {
    const scene = createScene();
    const rig = scene.boot();
    rig.link.pokeBeats = false;
    rig.link.next.longPoll = Array.from({ length: 9 }, () => ({ kind: 'rejected', code: 'notFound' }) as const);
    await signedIn(scene, 'ana', rig);
    await scene.time.advance(60_000);
    populate(scene, 1);
    await scene.time.advance(60_000);
    expectWhole(scene, rig);
    expect(rig.link.transcript.filter((line) => line === 'longPoll')).toHaveLength(1);
  });

  it('SY15 threat 30: ten years off is a warning, and the time of the act is right all the same', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.device.skewMs = 10 * 365 * 86_400_000;
    const done = await rig.must('acts.register', {
      requestId: uuid(71_300),
      input: input,
      claim: false,
      resolveWith: null,
      clearDraft: null,
    });
    const actAt = scene.time.now();
    await scene.time.advance(1_000);
    expect((await connection(rig)).clockSkewMs).toBe(-rig.device.skewMs);
    const entry = required(scene.store.entries.get(done.ok ? done.ticketId : ''))[0];
    expect(entry?.occurredAt).toBe(actAt);
    expect(entry?.timeQuality).toBe('skewed');
  });

  it('reading locks when the offline window is over; the outbox does not', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(60_000);
    await rig.must('acts.register', {
      requestId: uuid(71_400),
      input: input,
      claim: false,
      resolveWith: null,
      clearDraft: null,
    });
    await scene.time.advance(31 * 86_400_000);
    expect((await connection(rig)).state).toBe('reauthLocked');
    expect(rig.core.active()?.locked).toBe(true);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(rig.core.active()?.locked).toBe(false);
    expect(scene.store.tickets.size).toBe(1);
  });
});
