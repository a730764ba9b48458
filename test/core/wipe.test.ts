import { describe, expect, it } from 'vitest';
import { nextWipe, wipeEvents, wipeStates, wipeTable } from '../../src/core/wipe-machine.ts';
import { goOffline, input, register } from '../support/console/acts.ts';
import { bugsOf, type ConsoleRig, createScene, type Scene, signedIn } from '../support/console/console-rig.ts';
import { spoilRow } from '../support/console/memory-outbox.ts';
import { actors, call, uuid } from '../support/world.ts';

const farewellOf = async (rig: ConsoleRig) => (await rig.must('session.farewell', {})).farewell;

/** A console that has an answered act, an unanswered one and a draft, and that the store revokes while it is away. */
async function revokedWhileAway(scene: Scene) {
  const rig = await signedIn(scene);
  const old = await register(rig);
  await scene.time.advance(1_000);
  await goOffline(scene, rig);
  const fresh = await register(rig);
  await rig.must('drafts.save', { key: 'k', ticketId: null, content: 'a medias' });
  rig.link.deviceRevoked = true;
  return { rig, old, fresh };
}

describe('the table of a wipe', () => {
  it('is total, and goes back only while nothing was erased but the cache', () => {
    expect(Object.keys(wipeTable)).toEqual([...wipeStates]);
    for (const state of wipeStates) {
      expect(Object.keys(wipeTable[state]).sort()).toEqual([...wipeEvents].sort());
      const behind = wipeEvents.map((event) => wipeStates.indexOf(nextWipe(state, event)));
      const least = Math.min(...behind);
      expect(least).toBe(state === 'handingIn' ? 0 : wipeStates.indexOf(state));
    }
  });
});

describe('a device that the store revoked', () => {
  it('SY7 SY16: erases its cache at once, hands in, erases everything, tells the store and the next person', async () => {
    const scene = createScene();
    const { rig, fresh } = await revokedWhileAway(scene);
    rig.link.next.push = [
      { kind: 'offline' },
      { kind: 'offline' },
      { kind: 'offline' },
      { kind: 'retryAfter', ms: 20_000, attempts: false },
    ];
    rig.link.down = null;
    await scene.time.advance(20_000);
    expect(rig.cache().baseTickets()).toEqual([]);
    expect(rig.cache().meta().epoch).toBeNull();
    expect(rig.commands()).toHaveLength(2);
    const refused = await rig.call('acts.register', {
      requestId: uuid(69_000),
      input,
      claim: false,
      resolveWith: null,
      clearDraft: null,
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'deviceRevoked' } });
    expect(await farewellOf(rig)).toBeNull();
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(fresh)).toBe(true);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.core.active()).toBeNull();
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
    expect(await farewellOf(rig)).toMatchObject({ user: 'ana', handedIn: 1, left: 0, confirmed: true });
    expect([...rig.disk.farewells.values()][0]?.sealedRefresh).toBeNull();
    const next = await rig.crash();
    expect(await farewellOf(next)).toMatchObject({ user: 'ana' });
    next.link.deviceRevoked = false;
    await next.must('session.signIn', { user: 'beto', password: 'right' });
    expect(await farewellOf(next)).toBeNull();
    expect(next.disk.farewells.size).toBe(0);
    expect(bugsOf(next)).toEqual([]);
  });

  it('SY1: nothing unsent is erased while the store cannot be reached, over any number of starts', async () => {
    const scene = createScene();
    const { rig, fresh } = await revokedWhileAway(scene);
    rig.link.next.push = Array(2_000).fill({ kind: 'offline' });
    rig.link.down = null;
    await scene.time.advance(60_000);
    let next = rig;
    for (let start = 0; start < 3; start += 1) {
      next = await next.crash();
      await scene.time.advance(3_600_000);
      expect(next.commands().map(({ wire }) => wire.ticketId)).toContain(fresh);
      expect((await next.must('connection.get', {})).state).toBe('deviceRevoked');
      expect(next.disk.farewells.size).toBe(0);
    }
    next.link.next.push = [];
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(fresh)).toBe(true);
    expect(next.disk.profiles.size).toBe(0);
  });

  it('SY1 SY7: the process may die at any write of it', async () => {
    for (let write = 0; write < 60; write += 1) {
      const scene = createScene();
      const { rig, fresh } = await revokedWhileAway(scene);
      rig.faults.dieAt = write;
      rig.link.down = null;
      await scene.time.advance(300_000);
      const { died } = rig.faults;
      rig.faults.dieAt = null;
      const next = died ? await rig.crash() : rig;
      await scene.time.advance(300_000);
      expect([write, scene.store.tickets.has(fresh)]).toEqual([write, true]);
      expect([write, next.disk.profiles.size]).toEqual([write, 0]);
      expect([write, await farewellOf(next)]).toMatchObject([write, { handedIn: 1, left: 0, confirmed: true }]);
      expect(next.link.wiped.length).toBeGreaterThan(0);
      expect(bugsOf(next)).toEqual([]);
      if (!died) {
        expect(write).toBeGreaterThan(5);
        return;
      }
    }
    throw new Error('more writes than this test counts');
  });

  it('SY14 SY16: hands in what it holds of other epochs too, since nobody tells it which epoch it is', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const restore = scene.store.backup();
    const lost = await register(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    restore(uuid(901));
    rig.link.deviceRevoked = true;
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(lost)).toBe(true);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 0, left: 0 }]);
  });

  it('SY9: what no store could read is counted as left, and the store is told so', async () => {
    const scene = createScene();
    const { rig } = await revokedWhileAway(scene);
    const unsent = rig.commands()[1]?.wire.id ?? '';
    spoilRow(rig.outbox(), unsent, '{"wire":');
    rig.link.down = null;
    await scene.time.advance(600_000);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 0, left: 1 }]);
    expect(await farewellOf(rig)).toMatchObject({ handedIn: 0, left: 1 });
  });

  it('SY10: a store that takes the device back before it was done: the wipe is called off, and the cache is filled anew', async () => {
    const scene = createScene();
    scene.store.act(actors.beto, uuid(3_700), 'register', call);
    const { rig, fresh } = await revokedWhileAway(scene);
    rig.link.next.push = Array(50).fill({ kind: 'offline' });
    rig.link.down = null;
    await scene.time.advance(20_000);
    rig.link.deviceRevoked = false;
    rig.link.next.push = [];
    await scene.time.advance(300_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'online', pendingActs: 0 });
    expect(rig.cache().shown(uuid(3_700))).not.toBeNull();
    expect(rig.cache().shown(fresh)).not.toBeNull();
    expect(await rig.must('drafts.list', {})).toMatchObject({ drafts: [{ content: 'a medias' }] });
  });

  it('SY16: one whose session had ended as well hands in with the token of a sign-in, and is erased', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await goOffline(scene, rig);
    const fresh = await register(rig);
    // As an administrator does with a laptop that is gone: another password, which ends its sessions, and the device revoked.
    rig.link.revoked.add('ana');
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'sessionExpired', pendingActs: 1 });
    rig.link.revoked.clear();
    rig.link.deviceRevoked = true;
    const answer = await rig.call('session.signIn', { user: 'ana', password: 'right' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'deviceRevoked' } });
    await scene.time.advance(120_000);
    expect(scene.store.outcomes.size).toBe(1);
    expect(scene.store.tickets.has(fresh)).toBe(true);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
    expect(await farewellOf(rig)).toMatchObject({ user: 'ana', handedIn: 1, left: 0, confirmed: true });
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY7: one that was signed out, with nothing left to send, is erased at the sign-in that the store refuses', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await register(rig);
    await scene.time.advance(5_000);
    await rig.must('session.signOut', { erase: false });
    await scene.time.advance(60_000);
    expect(rig.cache().baseTickets()).toHaveLength(1);
    rig.link.deviceRevoked = true;
    expect((await rig.call('session.signIn', { user: 'ana', password: 'right' })).ok).toBe(false);
    await scene.time.advance(60_000);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 0, left: 0 }]);
    expect(await farewellOf(rig)).toMatchObject({ handedIn: 0, left: 0, confirmed: true });
  });

  it('SY7: one that only a refused sign-in gave a token tells the store though the first try is lost', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await rig.must('session.signOut', { erase: false });
    rig.link.deviceRevoked = true;
    rig.link.next.wiped = Array(3).fill({ kind: 'offline' });
    expect((await rig.call('session.signIn', { user: 'ana', password: 'right' })).ok).toBe(false);
    await scene.time.advance(120_000);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 0, left: 0 }]);
    expect(await farewellOf(rig)).toMatchObject({ confirmed: true });
  });

  it('SY7: one that was signed out with work pending hands it in, is erased, and the store is told', async () => {
    const scene = createScene();
    const { rig, fresh } = await revokedWhileAway(scene);
    await rig.must('session.signOut', { erase: false });
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(fresh)).toBe(true);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
    expect([...rig.disk.farewells.values()]).toMatchObject([{ confirmed: true }]);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY7: one that signs out while the wipe cannot be written keeps the token that tells the store of it', async () => {
    const scene = createScene();
    const { rig, fresh } = await revokedWhileAway(scene);
    rig.faults.farewell = { code: 'diskFull' };
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(scene.store.tickets.has(fresh)).toBe(true);
    expect(rig.disk.profiles.size).toBe(1);
    await rig.must('session.signOut', { erase: false });
    rig.faults.farewell = null;
    await scene.time.advance(300_000);
    expect(rig.disk.profiles.size).toBe(0);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
  });

  it('says only of its own profile that the files are gone: a token names one device', async () => {
    const scene = createScene();
    const { rig } = await revokedWhileAway(scene);
    // A colleague's profile on the same machine, erased before, whose session was over when the store was to be told.
    const colleague = { profileId: 'beto', user: 'beto', handedIn: 7, left: 2, at: 1, erased: true, confirmed: false };
    rig.disk.farewells.set('beto', { ...colleague, sealedRefresh: null, shown: true });
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
    expect(rig.disk.farewells.get('beto')).toMatchObject({ confirmed: false });
    expect(rig.disk.farewells.get('ana')).toMatchObject({ confirmed: true });
  });

  it('the store is told after the files are gone, at a later start if need be', async () => {
    const scene = createScene();
    const { rig } = await revokedWhileAway(scene);
    rig.link.next.wiped = Array(5_000).fill({ kind: 'offline' });
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(rig.disk.profiles.size).toBe(0);
    expect(await farewellOf(rig)).toMatchObject({ confirmed: false });
    const next = await rig.crash();
    next.link.next.wiped = [];
    await scene.time.advance(120_000);
    expect(await farewellOf(next)).toMatchObject({ confirmed: true });
    expect(next.link.wiped).toMatchObject([{ handedIn: 1, left: 0 }]);
  });
});
