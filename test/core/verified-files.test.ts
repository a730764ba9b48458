import { describe, expect, it } from 'vitest';
import { createVerifiedFiles } from '../../src/core/files/verified.ts';
import type { BlobFilesPort } from '../../src/core/ports/blob-files.ts';
import { createMemoryBlobs, emptyBlobDisk, sha256Of } from '../support/console/memory-blobs.ts';

const bytes = new Uint8Array([1, 2, 3]);
const sha256 = sha256Of(bytes);

/** Files in memory; `reading` runs in the middle of each reading, and `end` lets the readings end. */
function filesThatRead(reading: () => void = () => {}) {
  const disk = emptyBlobDisk();
  disk.files.set(sha256, { bytes, changedAt: 0 });
  const memory = createMemoryBlobs(disk, () => null);
  const blobs: BlobFilesPort = {
    ...memory,
    async verify(of) {
      const found = await memory.verify(of);
      reading();
      return found;
    },
  };
  return { disk, files: createVerifiedFiles(blobs) };
}

describe('C133 files that were compared', () => {
  it('are read once while they lie as they lay, by whoever asks, also at the same time', async () => {
    const { disk, files } = filesThatRead();
    const all = await Promise.all([files.check(sha256), files.check(sha256)]);
    all.push(await files.check(sha256));
    expect(all).toEqual(Array(3).fill({ ok: true, value: null }));
    expect(disk.compared).toHaveLength(1);
  });

  it('are read again once they were written, and where the store got another one', async () => {
    const { disk, files } = filesThatRead();
    await files.check(sha256);
    files.doubt(sha256);
    await files.check(sha256);
    expect(disk.compared).toHaveLength(2);
    disk.files.set(sha256, { bytes: new Uint8Array([1, 2, 4]), changedAt: 0 });
    expect(await files.check(sha256)).toEqual({ ok: false, error: { code: 'damaged' } });
    disk.files.delete(sha256);
    expect(await files.check(sha256)).toEqual({ ok: false, error: { code: 'gone' } });
  });

  it('a good one that takes the place of a damaged one while that is read is what is answered for', async () => {
    let placed = false;
    const { disk, files } = filesThatRead(() => {
      if (placed) return;
      placed = true;
      disk.files.set(sha256, { bytes, changedAt: 1 });
    });
    disk.files.set(sha256, { bytes: new Uint8Array([9]), changedAt: 0 });
    expect(await files.check(sha256)).toEqual({ ok: true, value: null });
    expect(disk.compared).toHaveLength(2);
  });
});
