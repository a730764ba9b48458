import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goOffline } from '../support/console/acts.ts';
import { appendAll, attach, begin, isStored, someBytes, stage, statesOf, uploads } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, required } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';
import { attachedAway, bootOnDisk, contentPath, untilOnDisk } from '../support/console/on-disk.ts';

const kinds = async (rig: ConsoleRig) => (await rig.must('connection.get', {})).notices.map(({ kind }) => kind);

/** The photo of a written act that is not sent yet, and where its content lies. */
async function photoAway(bytes: Uint8Array) {
  const { file: first, ...away } = await attachedAway(bytes);
  return { ...away, first, path: contentPath(away.dataDir, sha256Of(bytes)) };
}

const flip = (path: string) => {
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};
const damages: Record<string, (path: string) => void> = {
  'a flipped bit': flip,
  'an end that is missing': (path) => truncateSync(path, 400),
  'no file at all': (path) => rmSync(path),
};

describe('C133 a file that is damaged before it was sent', () => {
  for (const [what, damage] of Object.entries(damages))
    it(`SY1: ${what}: it is held and told; attached again, the act of before and the new one both have their file`, async () => {
      const bytes = someBytes(70_000);
      const { scene, rig, ticketId, first, path } = await photoAway(bytes);
      damage(path);
      rig.link.down = null;
      await untilOnDisk(scene, async () => (await kinds(rig)).includes('attachmentDamaged'));
      expect(await statesOf(rig, ticketId)).toMatchObject([{ upload: { state: 'held' } }]);
      expect(isStored(scene, bytes)).toBe(false);

      const second = await stage(rig, ticketId, bytes, 'again');
      expect(readFileSync(path).equals(Buffer.from(bytes))).toBe(true);
      await attach(rig, ticketId, second);
      await untilOnDisk(scene, async () => (await uploads(rig)).waiting === 0 && isStored(scene, bytes));
      for (const { attachmentId } of [first, second])
        expect((await statesOf(rig, ticketId)).find((state) => state.attachmentId === attachmentId)).toEqual({
          ...{ attachmentId, here: true, upload: null, download: null },
        });
      // It told to attach it again, and that was done.
      expect(await kinds(rig)).toEqual([]);
      expect(bugsOf(rig)).toEqual([]);
      await rig.core.stop();
    });

  it('SY1: the process that dies before the good one has its name finishes it at the next start, over the damaged one', async () => {
    const bytes = someBytes(70_000);
    const { dataDir, scene, rig, files, ticketId, path } = await photoAway(bytes);
    flip(path);
    const file = await begin(rig, { ticketId, size: bytes.length, draftKey: 'again' });
    await appendAll(rig, file, bytes);
    const sha256 = sha256Of(bytes);
    expect(await files().blobs.digest(file.attachmentId)).toEqual({ ok: true, value: sha256 });
    files().outbox.stagedWhole(file.attachmentId, sha256, null);
    await rig.core.stop();

    const next = bootOnDisk(dataDir, scene, rig.link);
    rig.link.down = { kind: 'offline' };
    next.rig.core.start();
    await untilOnDisk(scene, () => existsSync(path) && readFileSync(path).equals(Buffer.from(bytes)));
    expect(next.files().blobs.received(file.attachmentId)).toBe(0);
    expect(
      await next.rig.must('attachments.finish', { attachmentId: file.attachmentId, thumbnail: null }),
    ).toMatchObject({ ok: true, file: { sha256 } });
    next.rig.link.down = null;
    await untilOnDisk(scene, async () => (await uploads(next.rig)).waiting === 0 && isStored(scene, bytes));
    await next.rig.core.stop();
  });

  it('one that the store itself will not have is not asked for again because somebody attaches it once more', async () => {
    const bytes = someBytes(70_000);
    const { scene, rig, ticketId, first, path } = await photoAway(bytes);
    scene.store.blobs.refused.add(first.attachmentId);
    rig.link.down = null;
    await untilOnDisk(scene, async () => (await kinds(rig)).includes('attachmentHeld'));
    await goOffline(scene, rig);
    const before = required(existsSync(path) ? readFileSync(path) : null);
    const second = await stage(rig, ticketId, bytes, 'again');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect((await statesOf(rig, ticketId))[0]).toMatchObject({ upload: { state: 'held' } });
    expect(second.sha256).toBe(first.sha256);
    await rig.core.stop();
  });
});
