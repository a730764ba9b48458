import { describe, expect, it } from 'vitest';
import type { ProfilesPort } from '../../src/core/ports/profiles.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { ok } from '../../src/shared/result.ts';
import { register, requestId } from '../support/console/acts.ts';
import { createScene, emptyDisk, signedIn } from '../support/console/console-rig.ts';
import { createMemoryBlobs, emptyBlobDisk } from '../support/console/memory-blobs.ts';
import { createMemoryCache, emptyCacheDisk } from '../support/console/memory-cache.ts';
import { createLinkState } from '../support/console/memory-client.ts';
import { createMemoryOutbox, emptyOutboxDisk } from '../support/console/memory-outbox.ts';

describe('what a failure must not leave behind', () => {
  it('SY5: a pull that fails as it commits leaves no overlay that nobody clears', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.loseAnswers = 1;
    rig.faults.commit = null;
    const ticketId = await register(rig);
    rig.faults.commit = { code: 'diskFull' };
    await scene.time.advance(3_000);
    expect(rig.cache().overlay(ticketId)).not.toBeNull();
    rig.faults.commit = null;
    await scene.time.advance(120_000);
    expect(rig.commands().map((command) => command.state)).toEqual(['applied']);
    expect(rig.cache().overlay(ticketId)).toBeNull();
    expect(rig.cache().shownEntries(ticketId)).toEqual(scene.store.entries.get(ticketId));
  });

  it('SY5: an act whose overlay could not be written is shown as soon as the cache takes it, offline too', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    rig.faults.commit = { code: 'diskFull' };
    const ticketId = await register(rig);
    expect(rig.cache().shown(ticketId)).toBeNull();
    rig.faults.commit = null;
    await scene.time.advance(120_000);
    expect(rig.cache().shown(ticketId)).not.toBeNull();
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'offline', pendingActs: 1 });
  });

  it('SY10: a disk that throws when it is read costs a contact, not the sync of this process', async () => {
    const scene = createScene();
    const outbox = createMemoryOutbox(emptyOutboxDisk(), () => null);
    const cache = createMemoryCache(emptyCacheDisk(), () => null);
    let broken = false;
    const profiles: ProfilesPort = {
      list: () => [],
      open: () =>
        ok({
          id: 'ana',
          cache,
          outbox: {
            ...outbox,
            prune(before) {
              if (broken) throw new Error('read failed');
              return outbox.prune(before);
            },
          },
          blobs: createMemoryBlobs(emptyBlobDisk(), () => null),
          cacheRebuilt: false,
          close: () => {},
        }),
      erase: () => ok(null),
      farewells: () => [],
      keepFarewell: () => ok(null),
      dropFarewell: () => ok(null),
    };
    const rig = await signedIn(scene, 'ana', scene.boot(emptyDisk(), createLinkState(), profiles));
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const ticketId = await register(rig);
    broken = true;
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(rig.logs.some((line) => line.event === 'syncEngineThrew')).toBe(true);
    broken = false;
    await scene.time.advance(120_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'online', pendingActs: 0 });
    expect(scene.store.tickets.has(ticketId)).toBe(true);
  });

  it('an outbox that lost who writes it takes that from the session, and goes on', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await register(rig);
    await scene.time.advance(1_000);
    rig.outbox().identity = null;
    const next = await rig.crash();
    await register(next);
    await scene.time.advance(60_000);
    expect(next.commands().map((command) => command.state)).toEqual(['applied', 'applied']);
    expect(scene.store.tickets.size).toBe(2);
  });
});

describe('clocks', () => {
  it('SY14 SY15: a device clock that jumps ahead drops nothing that is kept for 45 days', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await register(rig);
    await scene.time.advance(1_000);
    rig.device.skewMs = 10 * 365 * 86_400_000;
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'online' });
    expect(rig.commands().map((command) => command.state)).toEqual(['applied']);
  });
});

describe('people and devices', () => {
  it('SY1: who signs in again while “sign out and erase” is under way loses nothing written after it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const leaving = rig.call('session.signOut', { erase: true });
    const back = rig.call('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(5_000);
    expect([(await leaving).ok, (await back).ok]).toEqual([true, true]);
    rig.link.down = { kind: 'offline' };
    const ticketId = await register(rig);
    await scene.time.advance(5_000);
    expect(rig.commands()).toHaveLength(1);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(scene.store.tickets.has(ticketId)).toBe(true);
    expect(await rig.must('session.get', {})).toMatchObject({ needsPassword: false, profiles: [{ user: 'ana' }] });
  });

  it('SY16: a device revoked while it was away hands in what it holds, reads nothing, erases itself and says so', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    const ticketId = await register(rig);
    // Longer than an access token lives.
    await scene.time.advance(3_600_000);
    rig.link.deviceRevoked = true;
    rig.link.down = null;
    const asked = rig.link.transcript.length;
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(ticketId)).toBe(true);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'signedOut' });
    expect(rig.link.transcript.slice(asked)).not.toContain('pull');
    expect(rig.disk.profiles.size).toBe(0);
    expect(await rig.must('session.farewell', {})).toMatchObject({
      farewell: { user: 'ana', handedIn: 1, left: 0, confirmed: true },
    });
    expect(rig.link.wiped).toEqual([{ protocol: PROTOCOL_VERSION, handedIn: 1, left: 0 }]);
  });

  it('SY9 SY16: a command that the store cannot read is set aside with its content, and the rest of the line goes out', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(5_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const submit = (type: 'addNote' | 'recordVisit', payload: object) =>
      rig.must('acts.submit', {
        requestId: requestId(),
        atomic: false,
        acts: [{ ticketId, type, payload }],
        clearDraft: null,
      });
    await submit('addNote', { visibility: 'internal', text: 'antes' });
    await submit('recordVisit', { arrivedAt: 1, leftAt: null, text: 'la visita' });
    await submit('addNote', { visibility: 'internal', text: 'después' });
    rig.link.unreadableTypes = ['recordVisit'];
    rig.link.down = null;
    await scene.time.advance(600_000);
    expect(rig.commands().map(({ wire, state }) => [wire.type, state])).toEqual([
      ['register', 'applied'],
      ['addNote', 'applied'],
      ['recordVisit', 'refused'],
      ['addNote', 'applied'],
    ]);
    const visit = rig.commands().find(({ wire }) => wire.type === 'recordVisit');
    expect(visit?.wire.payload).toMatchObject({ text: 'la visita' });
    expect(visit?.outcome?.verdict).toEqual({ kind: 'refused', refusal: { code: 'unprocessable', params: {} } });
    const notes = scene.store.entries.get(ticketId)?.filter(({ event }) => event.type === 'noteAdded') ?? [];
    expect(notes.map(({ event }) => (event.type === 'noteAdded' ? event.text : ''))).toEqual(['antes', 'después']);
  });
});
