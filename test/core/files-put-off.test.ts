import { describe, expect, it } from 'vitest';
import type { BlobAnswer } from '../../src/core/ports/blob-client.ts';
import { goOffline } from '../support/console/acts.ts';
import { attach, deskWithTicket as desk, isStored, someBytes, stage, uploads } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, required, type Scene } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';

/** Troubles of one file: what the store answers to whoever begins its upload. */
const troubles: Record<string, BlobAnswer> = {
  'a desk that has no room for it': { kind: 'retryAfter', ms: 300_000, attempts: false, why: 'deskFull' },
  'a store that has no room for it': { kind: 'retryAfter', ms: 60_000, attempts: false, why: 'storageFull' },
  'too many others begun': { kind: 'retryAfter', ms: 30_000, attempts: false, why: 'tooManyUploads' },
  'another request at it': { kind: 'retryAfter', ms: 30_000, attempts: false, why: 'uploadBusy' },
  'a piece that is too large': { kind: 'tooLarge' },
};

/** Files of these sizes, attached while away; the link is there again when this answers. */
async function waiting(sizes: readonly number[], before: (scene: Scene, ids: readonly string[]) => void = () => {}) {
  const { scene, rig, ticketId } = await desk();
  await goOffline(scene, rig);
  const files: { id: string; bytes: Uint8Array }[] = [];
  for (const size of sizes) {
    const bytes = someBytes(size);
    const staged = await stage(rig, ticketId, bytes);
    await attach(rig, ticketId, staged);
    files.push({ id: staged.attachmentId, bytes });
  }
  const spare = someBytes(500);
  const staged = await stage(rig, ticketId, spare, 'spare');
  before(
    scene,
    files.map(({ id }) => id),
  );
  rig.link.down = null;
  await rig.must('connection.retryNow', {});
  /** One that was read before there was any trouble, and goes with an act now. */
  const later = async () => {
    await attach(rig, ticketId, staged);
    return spare;
  };
  return { scene, rig, files, later };
}
const created = (scene: Scene) => scene.store.blobs.calls.filter((name) => name === 'create').length;
const still = (rig: ConsoleRig) => uploads(rig).then(({ waiting }) => waiting);

describe('C132 C133 a file that fails by itself', () => {
  for (const [what, answer] of Object.entries(troubles))
    it(`${what}: it alone is put off, and the others go at once`, async () => {
      const { scene, rig, files, later } = await waiting([1_000, 2_000, 900_000], (at, [small = '']) => {
        at.store.blobs.answers.set(small, answer);
      });
      await scene.time.advance(5_000);
      const [first, ...others] = files;
      expect(others.map(({ bytes }) => isStored(scene, bytes))).toEqual([true, true]);
      // And one that is attached afterwards.
      const another = await later();
      await scene.time.advance(2_000);
      expect(isStored(scene, another)).toBe(true);
      expect(await still(rig)).toBe(1);
      scene.store.blobs.answers.clear();
      await scene.time.advance(400_000);
      expect(isStored(scene, required(first).bytes)).toBe(true);
      expect(bugsOf(rig)).toEqual([]);
    });

  it('one that always comes wrong is sent again and again, at its leisure after every third time, and holds up nobody', async () => {
    const { scene, rig, later } = await waiting([1_000], () => {});
    const spoiled = someBytes(3_000);
    scene.store.blobs.spoiled.add(sha256Of(spoiled));
    const { ticketId } = required(rig.commands()[0]?.wire);
    await attach(rig, ticketId, await stage(rig, ticketId, spoiled));
    await scene.time.advance(30_000);
    const tries = created(scene);
    expect(tries).toBe(1 + 3);
    const another = await later();
    await scene.time.advance(2_000);
    expect(isStored(scene, another)).toBe(true);
    await scene.time.advance(200_000);
    expect(created(scene)).toBe(tries + 1);
    scene.store.blobs.spoiled.clear();
    await scene.time.advance(200_000);
    expect([await still(rig), isStored(scene, spoiled)]).toEqual([0, true]);
  });

  it('C40: what the store asked to wait is waited for, over contacts too; “try again” does not wait', async () => {
    const { scene, rig, files } = await waiting([1_000], (at, [only = '']) => {
      at.store.blobs.answers.set(only, required(troubles['a desk that has no room for it']));
    });
    await scene.time.advance(5_000);
    expect(created(scene)).toBe(1);
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(200_000);
    expect(created(scene)).toBe(1);
    scene.store.blobs.answers.clear();
    await rig.must('connection.retryNow', {});
    await scene.time.advance(1_000);
    expect(isStored(scene, required(files[0]).bytes)).toBe(true);
  });

  it('a store that is busy as a whole is left alone by all files for as long as it asked; “try again” does not wait', async () => {
    const { scene, rig, files, later } = await waiting([1_000, 2_000], (at, ids) => {
      for (const id of ids) at.store.blobs.answers.set(id, { kind: 'retryAfter', ms: 100_000, attempts: false });
    });
    await scene.time.advance(5_000);
    expect(created(scene)).toBe(1);
    const another = await later();
    await scene.time.advance(60_000);
    expect(created(scene)).toBe(1);
    scene.store.blobs.answers.clear();
    await rig.must('connection.retryNow', {});
    await scene.time.advance(5_000);
    expect([...files.map(({ bytes }) => bytes), another].map((bytes) => isStored(scene, bytes))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('one that the disk does not give is tried again, and holds up nobody', async () => {
    const { scene, rig, files } = await waiting([1_000, 2_000]);
    const [first, second] = files.map(({ bytes }) => bytes);
    rig.blobs().unreadable.add(sha256Of(required(first)));
    await scene.time.advance(5_000);
    expect([first, second].map((bytes) => isStored(scene, required(bytes)))).toEqual([false, true]);
    rig.blobs().unreadable.clear();
    await scene.time.advance(60_000);
    expect(isStored(scene, required(first))).toBe(true);
  });

  it('many that are put off do not hide the ones behind them', async () => {
    const { scene, rig, files } = await waiting(
      [...Array.from({ length: 110 }, (_, n) => 100 + n), 50_000],
      (at, ids) => {
        for (const id of ids.slice(0, -1))
          at.store.blobs.answers.set(id, required(troubles['a desk that has no room for it']));
      },
    );
    await scene.time.advance(20_000);
    expect(isStored(scene, required(files.at(-1)).bytes)).toBe(true);
    expect(await still(rig)).toBe(110);
    // Each was asked for once.
    expect(created(scene)).toBe(111);
  });
});

describe('C133 a file is read before it is sent', () => {
  it('once in a process, however often the link is cut; again when the store got another one', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(2_000_000);
    for (let n = 0; n < 12; n += 1) rig.link.blobs.cuts.push(50_000);
    await attach(rig, ticketId, await stage(rig, ticketId, bytes));
    for (let n = 0; n < 12; n += 1) {
      await scene.time.advance(5_000);
      // Also by contacts that end as a whole.
      rig.link.down = { kind: 'offline' };
      await scene.time.advance(3_000);
      rig.link.down = null;
      await rig.must('connection.retryNow', {});
    }
    await scene.time.advance(60_000);
    expect(isStored(scene, bytes)).toBe(true);
    expect(rig.blobs().compared).toEqual([sha256Of(bytes)]);
    const spoiled = someBytes(1_000);
    rig.link.blobs.spoil = 1;
    await attach(rig, ticketId, await stage(rig, ticketId, spoiled));
    await scene.time.advance(60_000);
    expect(isStored(scene, spoiled)).toBe(true);
    expect(rig.blobs().compared.slice(1)).toEqual([sha256Of(spoiled), sha256Of(spoiled)]);
  });
});
