import { expect, it } from 'vitest';
import { createChance } from '../../simulator/time/chance.ts';
import type { StagedFile } from '../../src/protocol/console/attachment-methods.ts';
import { note, register, requestId } from '../support/console/acts.ts';
import { base64, named, someBytes } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, createScene, Died, signedIn } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';

const SEEDS = 40;
const STEPS = 45;
const PIECE = 150_000;

/**
 * One history: files are taken, named by acts and sent while the process is killed at random writes, the link is cut, the disk fills, pieces
 * come through wrong and the store is put back to an older state. What was said to be saved is with the console or the store after each step, and at
 * the store in the end.
 */
async function history(seed: number): Promise<{ files: number; kills: number; epochs: number }> {
  const chance = createChance(seed);
  const scene = createScene(() => chance.fraction());
  let rig: ConsoleRig = await signedIn(scene);
  const ticketId = await register(rig);
  await scene.time.advance(2_000);
  const backup = scene.store.backup();
  let epochs = 1;
  let kills = 0;
  /** Answered as whole, and not used; and named by an act that was answered. */
  const staged = new Map<string, StagedFile>();
  const attached = new Map<string, string>();

  const isHere = (sha256: string) => rig.blobs().files.has(sha256);
  const check = (when: string) => {
    for (const sha256 of attached.values())
      expect(isHere(sha256) || scene.store.blobs.stored.has(sha256), `seed ${seed}, ${when}: a file of an act`).toBe(
        true,
      );
    for (const { sha256 } of staged.values())
      expect(sha256 !== null && isHere(sha256), `seed ${seed}, ${when}: a staged file`).toBe(true);
  };
  /** The answer; undefined when the process died over it or the disk would not. */
  const call: ConsoleRig['call'] = (method, params) => rig.call(method, params);
  async function survive(): Promise<void> {
    if (!rig.faults.died) return;
    kills += 1;
    rig = await rig.crash();
  }

  async function take(): Promise<void> {
    const bytes = someBytes(chance.between(1, 400_000));
    const of = { draftKey: 'd', ticketId, name: 'foto.jpg', mediaType: 'image/jpeg', size: bytes.length };
    const begun = await call('attachments.begin', of);
    if (!begun.ok || !begun.value.ok) return;
    const { attachmentId } = begun.value.file;
    for (let offset = 0, tries = 0; offset < bytes.length && tries < 12; tries += 1) {
      await survive();
      const piece = base64(bytes.slice(offset, offset + PIECE));
      const taken = await call('attachments.append', { attachmentId, offset, base64: piece });
      if (taken.ok) offset = taken.value.received;
      else {
        const held = await call('attachments.staged', { draftKey: 'd' });
        offset = held.ok
          ? (held.value.files.find((file) => file.attachmentId === attachmentId)?.received ?? offset)
          : offset;
      }
    }
    for (let tries = 0; tries < 4; tries += 1) {
      await survive();
      const done = await call('attachments.finish', { attachmentId, thumbnail: null });
      if (!done.ok || !done.value.ok) continue;
      expect(done.value.file.sha256).toBe(sha256Of(bytes));
      staged.set(attachmentId, done.value.file);
      return;
    }
  }
  async function name(): Promise<void> {
    const file = [...staged.values()][chance.below(Math.max(1, staged.size))];
    if (file?.sha256 == null) return;
    const acts = [{ ticketId, type: 'addAttachment' as const, payload: named(file) }];
    const request = { requestId: requestId(), atomic: true, acts, clearDraft: null };
    for (let tries = 0; tries < 3; tries += 1) {
      const written = await call('acts.submit', request);
      await survive();
      if (!written.ok) continue;
      expect(written.value.results[0]?.ok, `seed ${seed}: an act over a staged file`).toBe(true);
      staged.delete(file.attachmentId);
      attached.set(file.attachmentId, file.sha256);
      return;
    }
    // No answer: by the next start either the draft or the act has it.
    const left = await rig.must('attachments.staged', { draftKey: 'd' });
    if (left.files.some((held) => held.attachmentId === file.attachmentId)) return;
    staged.delete(file.attachmentId);
    attached.set(file.attachmentId, file.sha256);
  }

  for (let step = 0; step < STEPS; step += 1) {
    const roll = chance.fraction();
    if (roll < 0.25) await take();
    else if (roll < 0.45) await name();
    else if (roll < 0.55) await note(rig, ticketId, `nota ${step}`).catch(() => {});
    else if (roll < 0.62) rig.link.down = rig.link.down === null ? { kind: 'offline' } : null;
    else if (roll < 0.7) rig.link.blobs.cuts.push(chance.below(100_000), null, chance.below(100_000));
    else if (roll < 0.75) rig.link.blobs.spoil = 1;
    else if (roll < 0.85) rig.faults.dieAt = chance.below(8);
    else if (roll < 0.9) rig.faults.storage = rig.faults.storage === null ? { code: 'diskFull' } : null;
    else if (roll < 0.94) {
      epochs += 1;
      backup(`e${epochs}`);
      // The files of the time after the backup went with the disk that the store lost.
      for (const sha256 of [...scene.store.blobs.stored.keys()])
        if (chance.happens(0.5)) scene.store.blobs.stored.delete(sha256);
      scene.store.blobs.uploads.clear();
    }
    await scene.time.advance(chance.below(20_000));
    await survive();
    check(`step ${step}`);
  }
  rig.faults.storage = null;
  rig.faults.dieAt = null;
  rig.link.down = null;
  rig.link.blobs.cuts.length = 0;
  rig.link.blobs.spoil = 0;
  await scene.time.advance(900_000);
  for (const sha256 of attached.values())
    expect(scene.store.blobs.stored.has(sha256), `seed ${seed}: a file never came to the store`).toBe(true);
  check('the end');
  expect((await rig.must('connection.get', {})).uploads.waiting, `seed ${seed}`).toBe(0);
  expect(bugsOf(rig), `seed ${seed}`).toEqual([]);
  return { files: attached.size, kills, epochs };
}

it(`SY1 SY14 C130 C132 C138: over ${SEEDS} seeded histories no file that was said to be saved is lost, and all of them arrive`, async () => {
  const met = { files: 0, kills: 0, epochs: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      const { files, kills, epochs } = await history(seed);
      met.files += files;
      met.kills += kills;
      met.epochs += epochs - 1;
    } catch (error) {
      if (error instanceof Died) throw new Error(`seed ${seed}: a dead process reached the test`);
      throw error;
    }
  }
  // A history in which nothing happens proves nothing.
  expect(met.files).toBeGreaterThan(SEEDS * 2);
  expect(met.kills).toBeGreaterThan(SEEDS);
  expect(met.epochs).toBeGreaterThan(SEEDS / 2);
}, 240_000);
