import { describe, expect, it } from 'vitest';
import { goOffline, requestId } from '../support/console/acts.ts';
import {
  attach,
  attachedByOther,
  begin,
  deskWithTicket as desk,
  isStored,
  someBytes,
  stage,
  statesOf,
  uploads,
} from '../support/console/attach.ts';
import { bugsOf, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { cloneBlobDisk, sha256Of } from '../support/console/memory-blobs.ts';
import { emptyCacheDisk } from '../support/console/memory-cache.ts';
import { cloneOutboxDisk } from '../support/console/memory-outbox.ts';
import { actors, call, uuid } from '../support/world.ts';

describe('files on their way to the store', () => {
  it('C132 SY1: text goes first, and files follow, the smallest first', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    const [large, small] = [someBytes(600_000), someBytes(1_000)];
    await attach(rig, ticketId, await stage(rig, ticketId, large));
    await attach(rig, ticketId, await stage(rig, ticketId, small));
    let storedAtPush: boolean | null = null;
    rig.link.blobs.onPiece = () => {
      storedAtPush ??=
        (scene.store.entries.get(ticketId) ?? []).filter(({ event }) => event.type === 'attachmentAdded').length === 2;
    };
    const order: string[] = [];
    const { stored } = scene.store.blobs;
    const set = stored.set.bind(stored);
    stored.set = (sha, bytes) => {
      order.push(sha);
      return set(sha, bytes);
    };
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(storedAtPush).toBe(true);
    expect(order).toEqual([sha256Of(small), sha256Of(large)]);
    expect(await uploads(rig)).toEqual({ waiting: 0, bytes: 0 });
    expect((await statesOf(rig, ticketId)).map(({ upload, here }) => ({ upload, here }))).toEqual([
      { upload: null, here: true },
      { upload: null, here: true },
    ]);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('C132: a text that is written while a file is being sent does not wait for its end', async () => {
    const { scene, rig, ticketId } = await desk();
    await attach(rig, ticketId, await stage(rig, ticketId, someBytes(3_000_000)));
    let pieces = 0;
    let written: Promise<unknown> | null = null;
    let piecesBefore: number | null = null;
    rig.link.blobs.onPiece = () => {
      pieces += 1;
      if (pieces === 2) {
        const acts = [{ ticketId, type: 'addNote' as const, payload: { visibility: 'internal', text: 'hola' } }];
        written = rig.must('acts.submit', { requestId: requestId(), atomic: true, acts, clearDraft: null });
      }
      const there = (scene.store.entries.get(ticketId) ?? []).some(({ event }) => event.type === 'noteAdded');
      if (there) piecesBefore ??= pieces;
    };
    await scene.time.advance(60_000);
    await written;
    expect(piecesBefore).toBe(3);
    expect(pieces).toBeGreaterThan(3);
  });

  it('SY1: cut in every piece it arrives all the same, from where it was', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(2_000_000);
    for (let n = 0; n < 12; n += 1) rig.link.blobs.cuts.push(50_000);
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    await scene.time.advance(1_200_000);
    expect(isStored(scene, bytes)).toBe(true);
    expect(scene.store.blobs.calls.filter((name) => name === 'create')).toHaveLength(1);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY1: killed in the middle of a file, the next process goes on from what the store has', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(2_000_000);
    let pieces = 0;
    rig.link.blobs.onPiece = () => {
      pieces += 1;
      if (pieces === 2) rig.faults.died = true;
    };
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    await scene.time.advance(10_000);
    const [upload] = scene.store.blobs.uploads.values();
    const before = required(upload).bytes.length;
    expect(before).toBeGreaterThan(0);
    rig.link.blobs.onPiece = null;
    const next = await rig.crash();
    await scene.time.advance(60_000);
    expect(isStored(scene, bytes)).toBe(true);
    expect(scene.store.blobs.calls).toContain(`send ${before}`);
    expect(scene.store.blobs.calls.filter((name) => name === 'create')).toHaveLength(1);
    expect(await uploads(next)).toEqual({ waiting: 0, bytes: 0 });
  });

  it('SY1: what the store got wrong is sent again from the beginning', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(100_000);
    rig.link.blobs.spoil = 2;
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    await scene.time.advance(120_000);
    expect(isStored(scene, bytes)).toBe(true);
    expect(scene.store.blobs.calls.filter((name) => name === 'create')).toHaveLength(3);
  });

  it('SY9 C133: one that the store will not have is held, told once, and lets the others by', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    const [bad, good] = [someBytes(100), someBytes(200)];
    const refused = await stage(rig, ticketId, bad);
    scene.store.blobs.refused.add(refused.attachmentId);
    await attach(rig, ticketId, refused);
    await attach(rig, ticketId, await stage(rig, ticketId, good));
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(isStored(scene, good)).toBe(true);
    expect((await statesOf(rig, ticketId))[0]).toMatchObject({ here: true, upload: { state: 'held' } });
    const { notices } = await rig.must('connection.get', {});
    expect(notices).toMatchObject([{ kind: 'attachmentHeld', params: { name: 'foto.jpg' } }]);
  });

  it('C133: bytes that flipped on the disk are found before they are sent, and told', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    const bytes = someBytes(100);
    const file = await stage(rig, ticketId, bytes);
    await attach(rig, ticketId, file);
    const sha256 = required(file.sha256);
    rig.blobs().files.set(sha256, { bytes: someBytes(100), changedAt: 0 });
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(scene.store.blobs.calls).not.toContain('create');
    expect((await rig.must('connection.get', {})).notices).toMatchObject([{ kind: 'attachmentDamaged' }]);
    expect(await rig.call('attachments.read', { ticketId, attachmentId: file.attachmentId, offset: 0 })).toMatchObject({
      ok: false,
    });
  });

  it('SY14: everything retained is offered again to a restored store, and sent where it is not there any more', async () => {
    const { scene, rig, ticketId } = await desk();
    const backup = scene.store.backup();
    const [lost, kept] = [someBytes(1_000), someBytes(2_000)];
    await attach(rig, ticketId, await stage(rig, ticketId, lost));
    await attach(rig, ticketId, await stage(rig, ticketId, kept));
    await scene.time.advance(60_000);
    expect([isStored(scene, lost), isStored(scene, kept)]).toEqual([true, true]);
    scene.store.blobs.stored.delete(sha256Of(lost));
    scene.store.blobs.arrived.length = 0;
    backup('e2');
    await scene.time.advance(300_000);
    expect([isStored(scene, lost), isStored(scene, kept)]).toEqual([true, true]);
    expect(scene.store.blobs.arrived).toHaveLength(1);
    expect(await uploads(rig)).toEqual({ waiting: 0, bytes: 0 });
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY12: of a cloned disk both consoles hand their files in, and the store has each once', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    const [both, mine, theirs] = [someBytes(300_000), someBytes(1_000), someBytes(2_000)];
    await attach(rig, ticketId, await stage(rig, ticketId, both));
    const twin = scene.boot({
      profiles: new Map([
        [
          'ana',
          {
            outbox: cloneOutboxDisk(rig.outbox()),
            cache: emptyCacheDisk(),
            blobs: cloneBlobDisk(rig.blobs()),
          },
        ],
      ]),
      inUse: new Set(),
      farewells: new Map(),
    });
    twin.link.down = { kind: 'offline' };
    twin.core.start();
    await attach(rig, ticketId, await stage(rig, ticketId, mine));
    rig.link.down = null;
    await scene.time.advance(120_000);
    twin.link.down = null;
    await scene.time.advance(120_000);
    await attach(twin, ticketId, await stage(twin, ticketId, theirs));
    await scene.time.advance(120_000);
    expect([both, mine, theirs].map((bytes) => isStored(scene, bytes))).toEqual([true, true, true]);
    expect(scene.store.blobs.calls.filter((name) => name === 'create')).toHaveLength(3);
    for (const one of [rig, twin]) {
      expect(await uploads(one)).toEqual({ waiting: 0, bytes: 0 });
      expect(bugsOf(one)).toEqual([]);
    }
  });

  it('SY16: “sign out and erase” waits for them; a plain sign-out leaves them going in the background', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(1_000);
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    rig.link.next.upload = Array.from({ length: 50 }, () => ({ kind: 'broken' as const }));
    await scene.time.advance(5_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ pendingActs: 0, uploads: { waiting: 1 } });
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      ok: false,
      error: { code: 'pendingWork' },
    });
    await rig.must('session.signOut', { erase: false });
    rig.link.next.upload = [];
    await scene.time.advance(300_000);
    expect(isStored(scene, bytes)).toBe(true);
  });
});

describe('a revoked device', () => {
  it('SY16 C70: hands its files in before it erases itself', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    const bytes = someBytes(500_000);
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    rig.link.deviceRevoked = true;
    rig.link.down = null;
    await scene.time.advance(600_000);
    expect(isStored(scene, bytes)).toBe(true);
    expect(rig.link.wiped).toMatchObject([{ left: 0 }]);
    expect(rig.disk.profiles.size).toBe(0);
  });

  it('C70: what the store does not take for a day is counted, and goes', async () => {
    const { scene, rig, ticketId } = await desk();
    await goOffline(scene, rig);
    await attach(rig, ticketId, await stage(rig, ticketId, someBytes(500)));
    rig.link.deviceRevoked = true;
    rig.link.next.offer = Array.from({ length: 100_000 }, () => ({ kind: 'broken' as const }));
    rig.link.down = null;
    await scene.time.advance(3_600_000);
    expect(rig.disk.profiles.size).toBe(1);
    await scene.time.advance(25 * 3_600_000);
    expect(rig.link.wiped).toMatchObject([{ handedIn: 1, left: 1 }]);
    expect(rig.disk.profiles.size).toBe(0);
  });
});

describe('files from the store', () => {
  async function withOther(size = 700_000) {
    const scene = createScene();
    const ticketId = uuid(2_000);
    scene.store.act(actors.beto, ticketId, 'register', { ...call, subject: 'Caso' });
    const bytes = someBytes(size);
    const file = attachedByOther(scene, actors.beto, ticketId, bytes, sha256Of(bytes));
    const rig = await signedIn(scene);
    const ref = { ticketId, attachmentId: file.attachmentId };
    const whole = async () => {
      let text = '';
      for (let offset = 0; offset < size; ) {
        const { base64: piece } = await rig.must('attachments.read', { ...ref, offset });
        const came = Buffer.from(piece, 'base64');
        text += came.toString('latin1');
        offset += came.length;
      }
      return new Uint8Array(Buffer.from(text, 'latin1'));
    };
    return { scene, rig, ref, bytes, ticketId, whole, file };
  }

  it('C134: fetched on demand, over cuts, and read back as it is', async () => {
    const { scene, rig, ref, bytes, whole, ticketId } = await withOther();
    expect(await statesOf(rig, ticketId)).toEqual([]);
    rig.link.blobs.downloadCuts.push(200_000, 0, 200_000);
    await rig.must('attachments.fetch', ref);
    await scene.time.advance(60_000);
    expect(await statesOf(rig, ticketId)).toEqual([
      { attachmentId: ref.attachmentId, here: true, upload: null, download: null },
    ]);
    expect(await whole()).toEqual(bytes);
    expect(scene.store.blobs.calls).toContain('download 400000');
    expect(bugsOf(rig)).toEqual([]);
  });

  it('C134: asked for many times at once it is fetched once', async () => {
    const { scene, rig, ref, bytes, whole } = await withOther();
    await Promise.all(Array.from({ length: 5 }, () => rig.must('attachments.fetch', ref)));
    await scene.time.advance(60_000);
    expect(await whole()).toEqual(bytes);
    expect(scene.store.blobs.calls.filter((call) => call.startsWith('download '))).toHaveLength(1);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('C134: what is not at the store yet, or cannot be asked for, has a name; a link that brings nothing gives up', async () => {
    const { scene, rig, ref, ticketId, file } = await withOther();
    scene.store.blobs.stored.delete(file.sha256);
    expect(await rig.call('attachments.fetch', ref)).toMatchObject({ ok: false, error: { code: 'notFound' } });
    scene.store.blobs.stored.set(file.sha256, new Uint8Array(3));
    rig.link.down = { kind: 'offline' };
    expect(await rig.call('attachments.fetch', ref)).toMatchObject({ ok: false, error: { code: 'offline' } });
    rig.link.down = null;
    // Another file answers under that address: it never becomes this one.
    await rig.must('attachments.fetch', ref);
    await scene.time.advance(600_000);
    expect(await statesOf(rig, ticketId)).toMatchObject([{ here: false, download: { state: 'failed' } }]);
    expect(await rig.call('attachments.read', { ...ref, offset: 0 })).toMatchObject({
      ok: false,
      error: { code: 'notFound' },
    });
  });

  it('C135: fetched ones go for want of room, own ones that the store lacks never', async () => {
    const { scene, rig, ref, ticketId } = await withOther();
    await rig.must('attachments.fetch', ref);
    await scene.time.advance(10_000);
    await goOffline(scene, rig);
    const own = await stage(rig, ticketId, someBytes(1_000));
    await attach(rig, ticketId, own);
    rig.blobs().room = 100_000;
    await begin(rig, { ticketId, size: 500_000 });
    expect([...rig.blobs().files.keys()]).toEqual([own.sha256]);
    expect(
      await rig.call('attachments.begin', { draftKey: 'x', ticketId, name: 'b.png', mediaType: '', size: 5_000_000 }),
    ).toMatchObject({
      ok: false,
      error: { code: 'diskFull' },
    });
    expect([...rig.blobs().files.keys()]).toEqual([own.sha256]);
  });

  it('SY7: a file goes with the ticket that it was fetched for', async () => {
    const { scene, rig, ref, ticketId } = await withOther();
    await rig.must('attachments.fetch', ref);
    await scene.time.advance(10_000);
    expect(rig.blobs().files.size).toBe(1);
    rig.link.scopeVersion = 's2';
    scene.store.act(actors.beto, ticketId, 'addNote', { visibility: 'internal', text: 'nota' });
    rig.link.teamIds = [];
    rig.link.grant = { personId: actors.ana.personId, everything: false, siteIds: [uuid(777)], teamIds: [] };
    await scene.time.advance(600_000);
    expect(rig.cache().shown(ticketId)).toBeNull();
    expect(rig.blobs().files.size).toBe(0);
  });

  it('a file of a ticket that this person does not see is not read by its name', async () => {
    const { rig, ref } = await withOther();
    expect(
      await rig.call('attachments.read', { ticketId: uuid(1), attachmentId: ref.attachmentId, offset: 0 }),
    ).toMatchObject({
      ok: false,
      error: { code: 'notFound' },
    });
  });
});
