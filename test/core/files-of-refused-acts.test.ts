import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RETENTION_MS } from '../../src/core/sync/engine.ts';
import { goOffline, register } from '../support/console/acts.ts';
import { attach, attachedByOther, isStored, someBytes, stage, statesOf, uploads } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';
import { attachedAway, bootOnDisk, dataFolder, untilOnDisk } from '../support/console/on-disk.ts';
import { actors, uuid } from '../support/world.ts';

/** A photo whose act the store refused: its ticket was gone by then. */
async function refusedPhoto() {
  const bytes = someBytes(70_000);
  const { dataDir, scene, rig, files, ticketId, file } = await attachedAway(bytes);
  scene.store.tickets.delete(ticketId);
  rig.link.down = null;
  const { outbox } = files();
  await untilOnDisk(scene, () => outbox.counts().refused === 1);
  const { commandId } = required(outbox.upload(file.attachmentId));
  expect(outbox.get(commandId)).toMatchObject({ state: 'refused', wire: { type: 'addAttachment' } });
  return { dataDir, scene, rig, files, ticketId, bytes, file, commandId };
}
/** The whole file, as the panel saves it. */
async function saved(rig: ConsoleRig, of: { ticketId: string; attachmentId: string }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let offset = 0, size = 1; offset < size; ) {
    const piece = await rig.must('attachments.read', { ...of, offset });
    pieces.push(Buffer.from(piece.base64, 'base64'));
    offset += required(pieces.at(-1)).length;
    size = piece.size;
  }
  return Buffer.concat(pieces);
}
const dismissed = async (rig: ConsoleRig, commandId: string) => {
  const personId = required((await rig.must('session.get', {})).session).personId;
  await rig.must('outbox.dismiss', { personId, commandId });
};

describe('the file of an act that was refused', () => {
  it('SY9 C146: can be saved from the panel, byte for byte, and is not told as one that is being sent', async () => {
    const { scene, rig, ticketId, bytes, file } = await refusedPhoto();
    const of = { ticketId, attachmentId: file.attachmentId };
    expect((await saved(rig, of)).equals(Buffer.from(bytes))).toBe(true);
    expect(await statesOf(rig, ticketId)).toEqual([
      { attachmentId: file.attachmentId, here: true, upload: null, download: null },
    ]);
    expect(await uploads(rig)).toEqual({ waiting: 0, bytes: 0 });
    expect((await rig.must('attachments.onTheirWay', {})).files).toEqual([]);
    // The file of nobody here, and the own one under another ticket, are not read by their ids.
    for (const other of [
      { ...of, attachmentId: uuid(1) },
      { ...of, ticketId: uuid(1) },
    ])
      expect(await rig.call('attachments.read', { ...other, offset: 0 })).toMatchObject({
        error: { code: 'notFound' },
      });
    await scene.time.advance(600_000);
    expect(isStored(scene, bytes)).toBe(false);
    expect(bugsOf(rig)).toEqual([]);
    await rig.core.stop();
  });

  it('C54 C146: “sign out and erase” waits for the act alone, until it is taken off the panel', async () => {
    const { dataDir, rig, commandId } = await refusedPhoto();
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      ok: false,
      error: { code: 'pendingWork', params: { count: 1, unsent: 0, unsettled: 1 } },
    });
    await dismissed(rig, commandId);
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({ ok: true });
    expect(readdirSync(join(dataDir, 'console', 'profiles'))).toEqual([]);
    await rig.core.stop();
  });

  it('SY9 C146: once it was taken off the panel it is never sent, also when its act is forgotten, and goes with it', async () => {
    const { dataDir, scene, rig, bytes, file, commandId } = await refusedPhoto();
    await dismissed(rig, commandId);
    await rig.core.stop();
    await scene.time.advance(RETENTION_MS + 86_400_000);
    const next = bootOnDisk(dataDir, scene, rig.link);
    next.rig.core.start();
    const { outbox } = next.files();
    await untilOnDisk(scene, () => outbox.get(commandId) === null);
    await scene.time.advance(600_000);
    expect(isStored(scene, bytes)).toBe(false);
    expect(scene.store.blobs.calls).not.toContain('create');
    expect(outbox.upload(file.attachmentId)).toBeNull();
    expect(await uploads(next.rig)).toEqual({ waiting: 0, bytes: 0 });
    await next.rig.core.stop();
    const last = bootOnDisk(dataDir, scene, rig.link);
    last.rig.core.start();
    await untilOnDisk(scene, () => last.files().blobs.sizeOf(sha256Of(bytes)) === null);
    await last.rig.core.stop();
  });

  it('C70 C146: of a revoked device, one that its person had not put away is counted in the farewell', async () => {
    const { scene, rig } = await refusedPhoto();
    await goOffline(scene, rig);
    rig.link.deviceRevoked = true;
    rig.link.down = null;
    await untilOnDisk(scene, () => rig.link.wiped.length > 0);
    expect(rig.link.wiped).toMatchObject([{ left: 1 }]);
    await rig.core.stop();
  });
});

it('SY7 C146: an own file is read while its act is kept, also where its ticket left the scope; what came from the store is not', async () => {
  const scene = createScene();
  const { rig, files } = bootOnDisk(dataFolder(), scene);
  await signedIn(scene, 'ana', rig);
  const ticketId = await register(rig);
  await scene.time.advance(1_000);
  const bytes = someBytes(70_000);
  const file = await stage(rig, ticketId, bytes);
  await attach(rig, ticketId, file);
  await untilOnDisk(scene, () => isStored(scene, bytes));
  const others = someBytes(500);
  const other = attachedByOther(scene, actors.beto, ticketId, others, sha256Of(others));
  await untilOnDisk(scene, () => files().cache.attachments(ticketId).length === 2);
  await rig.must('attachments.fetch', { ticketId, attachmentId: other.attachmentId });
  await untilOnDisk(scene, () => files().blobs.sizeOf(sha256Of(others)) !== null);
  expect(files().cache.transaction((tx) => tx.removeTicket(ticketId)).ok).toBe(true);
  expect((await saved(rig, { ticketId, attachmentId: file.attachmentId })).equals(Buffer.from(bytes))).toBe(true);
  expect(await statesOf(rig, ticketId)).toMatchObject([{ attachmentId: file.attachmentId, here: true, upload: null }]);
  expect(await rig.call('attachments.read', { ticketId, attachmentId: other.attachmentId, offset: 0 })).toMatchObject({
    error: { code: 'notFound' },
  });
  await rig.core.stop();
});
