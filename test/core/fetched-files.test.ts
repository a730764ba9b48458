import { describe, expect, it } from 'vitest';
import { downloadKey } from '../../src/core/files/fetched.ts';
import { createFileShelf } from '../../src/core/files/shelf.ts';
import { ok } from '../../src/shared/result.ts';
import { goOffline } from '../support/console/acts.ts';
import { attach, attachedByOther, begin, someBytes, stage, statesOf } from '../support/console/attach.ts';
import { bugsOf, createScene, signedIn } from '../support/console/console-rig.ts';
import { createMemoryBlobs, emptyBlobDisk, sha256Of } from '../support/console/memory-blobs.ts';
import { createMemoryCache, emptyCacheDisk } from '../support/console/memory-cache.ts';
import { createMemoryOutbox, emptyOutboxDisk } from '../support/console/memory-outbox.ts';
import { actors, call, uuid } from '../support/world.ts';

const SIZE = 700_000;
const TICKET = uuid(2_000);

/** A ticket with somebody else's file, at a desk whose console has fetched none of it. */
async function withFile() {
  const scene = createScene();
  scene.store.act(actors.beto, TICKET, 'register', { ...call, subject: 'Caso' });
  const bytes = someBytes(SIZE);
  const file = attachedByOther(scene, actors.beto, TICKET, bytes, sha256Of(bytes));
  const rig = await signedIn(scene);
  const ref = { ticketId: TICKET, attachmentId: file.attachmentId };
  const downloads = () => scene.store.blobs.calls.filter((name) => name.startsWith('download '));
  return { scene, rig, ref, bytes, file, downloads };
}
/** The same with so many bytes of it here, and the link too bad for more. */
async function halfFetched() {
  const desk = await withFile();
  const { rig, scene, ref } = desk;
  rig.link.blobs.downloadCuts.push(200_000, ...Array<number>(100).fill(0));
  await rig.must('attachments.fetch', ref);
  await scene.time.advance(1_000);
  expect([...rig.blobs().parts.keys()]).toEqual([downloadKey(desk.file.sha256)]);
  return desk;
}
/** And given up. */
async function givenUp() {
  const desk = await halfFetched();
  await desk.scene.time.advance(900_000);
  expect(await statesOf(desk.rig, TICKET)).toMatchObject([{ here: false, download: { state: 'failed' } }]);
  expect(desk.rig.blobs().parts.size).toBe(1);
  return desk;
}
async function leaveScope({ rig, scene }: Awaited<ReturnType<typeof withFile>>) {
  rig.link.scopeVersion = 's2';
  rig.link.teamIds = [];
  rig.link.grant = { personId: actors.ana.personId, everything: false, siteIds: [uuid(777)], teamIds: [] };
  scene.store.act(actors.beto, TICKET, 'addNote', { visibility: 'internal', text: 'nota' });
  await scene.time.advance(600_000);
  expect(rig.cache().shown(TICKET)).toBeNull();
}

describe('C135 part of a file that the store has', () => {
  it('goes for want of room when nobody fetches it any more', async () => {
    const { rig } = await givenUp();
    rig.blobs().room = 100_000;
    await begin(rig, { ticketId: TICKET, size: 250_000 });
    expect(rig.blobs().parts.size).toBe(0);
    expect(rig.outbox().files.fetched.size).toBe(0);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('never goes for want of room while it is being fetched', async () => {
    const { rig, scene, bytes, file } = await halfFetched();
    rig.blobs().room = 100_000;
    const more = { draftKey: 'x', ticketId: TICKET, name: 'b.png', mediaType: '', size: 250_000 };
    expect(await rig.call('attachments.begin', more)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    expect(rig.blobs().parts.size).toBe(1);
    rig.blobs().room = null;
    rig.link.blobs.downloadCuts.length = 0;
    await scene.time.advance(60_000);
    expect(rig.blobs().files.get(file.sha256)?.bytes).toEqual(bytes);
  });

  it.each([
    ['being fetched', halfFetched],
    ['given up', givenUp],
  ])('SY7: goes with its ticket: %s', async (_, made) => {
    const desk = await made();
    await leaveScope(desk);
    const { rig, scene } = desk;
    expect(rig.blobs().parts.size + rig.blobs().files.size + rig.outbox().files.fetched.size).toBe(0);
    // Nothing goes on with it.
    rig.link.blobs.downloadCuts.length = 0;
    const asked = desk.downloads().length;
    await scene.time.advance(600_000);
    expect(desk.downloads().length).toBe(asked);
    expect(rig.blobs().parts.size + rig.blobs().files.size).toBe(0);
    expect(bugsOf(rig)).toEqual([]);
  });

  it.each([
    ['being fetched', halfFetched],
    ['given up', givenUp],
  ])('C139: goes at the first word of a revocation: %s', async (_, made) => {
    const { rig, scene, ref } = await made();
    await goOffline(scene, rig);
    const own = await stage(rig, TICKET, someBytes(500));
    await attach(rig, TICKET, own);
    rig.link.deviceRevoked = true;
    rig.link.next.offer = Array.from({ length: 10_000 }, () => ({ kind: 'broken' as const }));
    rig.link.down = null;
    await scene.time.advance(600_000);
    // It still hands its own in.
    expect([...rig.blobs().files.keys()]).toEqual([own.sha256]);
    expect(rig.blobs().parts.size).toBe(0);
    expect(await rig.call('attachments.fetch', ref)).toMatchObject({ ok: false, error: { code: 'deviceRevoked' } });
    expect(bugsOf(rig)).toEqual([]);
  });

  it('C134: is gone on with by a later process, from where it was', async () => {
    const { rig, scene, ref, bytes, file, downloads } = await halfFetched();
    const next = await rig.crash();
    next.link.blobs.downloadCuts.length = 0;
    await scene.time.advance(1_000);
    expect(next.blobs().parts.size).toBe(1);
    await next.must('attachments.fetch', ref);
    await scene.time.advance(60_000);
    expect(downloads().at(-1)).toBe('download 200000');
    expect(next.blobs().files.get(file.sha256)?.bytes).toEqual(bytes);
    expect([...next.outbox().files.fetched.keys()]).toEqual([file.sha256]);
    expect(bugsOf(next)).toEqual([]);
  });

  it('C131: goes at a start after a week, its note too; at once where no note is of it', async () => {
    const { rig, scene } = await halfFetched();
    const stray = { bytes: someBytes(9), changedAt: scene.time.now() };
    rig.blobs().parts.set(downloadKey(sha256Of(stray.bytes)), stray);
    const next = await rig.crash();
    await scene.time.advance(1_000);
    expect(next.blobs().parts.size).toBe(1);
    expect(next.outbox().files.fetched.size).toBe(1);
    await scene.time.advance(8 * 86_400_000);
    const later = await next.crash();
    await scene.time.advance(1_000);
    expect(later.blobs().parts.size + later.outbox().files.fetched.size).toBe(0);
  });

  it('C2: nothing is fetched where its note cannot be written', async () => {
    const { rig, scene, ref } = await withFile();
    rig.faults.one = { what: 'fetched', failure: { code: 'diskFull' } };
    expect(await rig.call('attachments.fetch', ref)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    await scene.time.advance(60_000);
    expect(rig.blobs().parts.size + rig.blobs().files.size).toBe(0);
  });
});

describe('C135 the bound of what came from the store', () => {
  const BOUND = 10_000;
  function shelfOf(bound = BOUND, disk = emptyBlobDisk(), outboxDisk = emptyOutboxDisk()) {
    let now = 0;
    const blobs = createMemoryBlobs(disk, () => null);
    const deps = { clock: { now: () => now++, monotonicMs: () => 0, bootId: () => 'b' }, log: { write: () => {} } };
    const files = {
      outbox: createMemoryOutbox(outboxDisk, () => null),
      cache: createMemoryCache(emptyCacheDisk(), () => null),
      blobs,
    };
    const shelf = createFileShelf(deps, files, { changed: () => {} }, bound);
    /** So much of a file comes; `end`: the rest comes, or whoever fetched it gave up. */
    async function fetching(size: number, came: number) {
      const bytes = someBytes(size);
      const sha256 = sha256Of(bytes);
      const key = downloadKey(sha256);
      const claim = shelf.claim({ sha256, ticketId: TICKET, size });
      expect(await claim.begin()).toEqual(ok(null));
      await blobs.append(key, 0, bytes.slice(0, came));
      const end = async ({ whole }: { whole: boolean }) => {
        if (whole) await blobs.append(key, came, bytes.slice(came));
        if (whole) await blobs.place(key, sha256);
        await claim.end();
      };
      return { sha256, key, end };
    }
    async function fetched(size: number) {
      const file = await fetching(size, 0);
      await file.end({ whole: true });
      return file;
    }
    async function givenUp(size: number, came: number) {
      const file = await fetching(size, came);
      await file.end({ whole: false });
      return file;
    }
    const noted = () => [...outboxDisk.files.fetched.keys()];
    const here = () => [...disk.parts.keys(), ...disk.files.keys()];
    return { disk, outboxDisk, shelf, noted, here, fetching, fetched, givenUp };
  }

  it('counts the parts of downloads that were given up, and the oldest go first', async () => {
    const { here, noted, fetched, givenUp, fetching } = shelfOf();
    const first = await givenUp(4_000, 3_000);
    const second = await fetched(5_000);
    expect(here()).toEqual([first.key, second.sha256]);
    const third = await fetching(4_000, 10);
    expect(here()).toEqual([third.key, second.sha256]);
    expect(noted()).toEqual([second.sha256, third.sha256]);
  });

  it('makes room for all of a file before its first byte, and takes nothing of one that is being fetched', async () => {
    const { here, fetched, fetching } = shelfOf();
    await fetched(6_000);
    const one = await fetching(6_000, 100);
    expect(here()).toEqual([one.key]);
    const other = await fetching(7_000, 100);
    expect(here()).toEqual([one.key, other.key]);
    // Both whole are more than the bound: the one that ends first is the oldest that may go.
    await one.end({ whole: true });
    expect(here()).toEqual([other.key]);
    await other.end({ whole: true });
    expect(here()).toEqual([other.sha256]);
  });

  it('is held at a start, for what an earlier process left', async () => {
    const { disk, outboxDisk, givenUp, fetched } = shelfOf();
    await givenUp(4_000, 3_000);
    const last = await fetched(3_000);
    const next = shelfOf(5_000, disk, outboxDisk);
    await next.shelf.tidy();
    expect(next.here()).toEqual([last.sha256]);
    expect(next.noted()).toEqual([last.sha256]);
  });
});
