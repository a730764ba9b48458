import { describe, expect, it } from 'vitest';
import { goOffline, note } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, signedIn } from '../support/console/console-rig.ts';
import { actors, call, uuid } from '../support/world.ts';

const noticesOf = async (rig: ConsoleRig) => (await rig.must('connection.get', {})).notices;

describe('rights that changed', () => {
  it('SY7: are told once, with teams and role, and stay until they are put away', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    expect(await noticesOf(rig)).toEqual([]);
    rig.link.scopeVersion = 's2';
    rig.link.teamIds = [];
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(120_000);
    const notices = await noticesOf(rig);
    expect(notices).toMatchObject([{ kind: 'scopeChanged', params: { teamsLost: expect.stringMatching(/\S/u) } }]);
    const next = await rig.crash();
    await scene.time.advance(60_000);
    expect(await noticesOf(next)).toEqual(notices);
  });

  it('SY5 SY7: what is pending is judged by the new rights wherever the session got them, a refresh that no hello followed too', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = uuid(2_000);
    scene.store.act(actors.beto, ticketId, 'register', call);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    await note(rig, ticketId, 'una');
    const outOfScope = () =>
      rig.disk.profiles
        .get('ana')
        ?.cache.overlays.get(ticketId)
        ?.entries.map((entry) => entry.outOfScope);
    expect(outOfScope()).toEqual([false]);
    rig.link.scopeVersion = 's2';
    rig.link.teamIds = [];
    rig.link.grant = { personId: actors.ana.personId, everything: false, siteIds: [uuid(777)], teamIds: [] };
    rig.link.next.hello = Array.from({ length: 200 }, () => ({ kind: 'offline' }) as const);
    rig.link.down = null;
    // Longer than an access token holds.
    await scene.time.advance(1_000_000);
    expect(rig.core.active()?.session.scopeVersion).toBe('s2');
    expect(outOfScope()).toEqual([true]);
  });

  it('SY7: another version of the same rights renews the session, and is no news; other sites are', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.scopeVersion = 's2';
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(rig.core.active()?.session.scopeVersion).toBe('s2');
    expect(await noticesOf(rig)).toEqual([]);
    rig.link.scopeVersion = 's3';
    rig.link.grant = { personId: actors.ana.personId, everything: false, siteIds: [uuid(777)], teamIds: [] };
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(await noticesOf(rig)).toMatchObject([{ kind: 'scopeChanged', params: {} }]);
  });
});
