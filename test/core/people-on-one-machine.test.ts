import { describe, expect, it } from 'vitest';
import { goOffline, takeCall } from '../support/console/acts.ts';
import { createScene, signedIn } from '../support/console/console-rig.ts';
import { ids } from '../support/world.ts';

describe('people on one machine', () => {
  it('threat 27: a sign-out that cannot be written is refused, for the next start would undo it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.faults.storage = { code: 'diskFull' };
    expect(await rig.call('session.signOut', { erase: false })).toMatchObject({
      ok: false,
      error: { code: 'diskFull' },
    });
    expect((await rig.must('session.get', {})).session).not.toBeNull();
    rig.faults.storage = null;
    await rig.must('session.signOut', { erase: false });
    expect((await rig.must('session.get', {})).session).toBeNull();
  });

  it('a profile that was signed out with work pending sends it in the background, then gives up its tokens', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await goOffline(scene, rig);
    await takeCall(rig);
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      error: { code: 'pendingWork', params: { count: 2 } },
    });
    await rig.must('session.signOut', { erase: false });
    const seen = await rig.must('session.get', {});
    expect(seen).toMatchObject({
      session: null,
      profiles: [{ user: 'ana', personName: 'Ana', pendingActs: 2, signedIn: false }],
    });
    rig.link.down = null;
    await scene.time.advance(100);
    await rig.must('session.signIn', { user: 'beto', password: 'right' });
    await scene.time.advance(120_000);
    expect(scene.store.tickets.size).toBe(1);
    expect(rig.outbox('ana').settings.has('sealedRefresh')).toBe(false);
    expect(rig.core.active()?.session.user).toBe('beto');
    expect((await rig.must('session.get', {})).profiles.map((profile) => [profile.user, profile.pendingActs])).toEqual([
      ['ana', 0],
      ['beto', 0],
    ]);
  });

  it('sign out and erase leaves nothing of a drained profile', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await rig.must('session.signOut', { erase: true });
    expect([...rig.disk.profiles.keys()]).toEqual([]);
    expect((await rig.must('session.get', {})).profiles).toEqual([]);
  });

  it('the next start, offline too, goes on as the same person', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await takeCall(rig);
    await goOffline(scene, rig);
    const next = await rig.crash();
    expect(next.core.active()?.session.user).toBe('ana');
    expect(next.cache().shown(ticketId)?.assigneeId).toBe(ids.ana);
    const second = await takeCall(next);
    expect(second.provisionalCode).toBe('K7-02');
  });
});
