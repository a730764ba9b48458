import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlobFilesPort } from '../../src/core/ports/blob-files.ts';
import { createBlobFiles } from '../../src/platform-node/blob-files.ts';

const KEY = '00000000-0000-7000-8000-000000000001';
const PIECE = 1_000;
const SYNC = 4_000;
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let folder = '';
/** Sizes of the part at every moment at which the disk was waited for. */
let settled: number[] = [];
let failures = 0;
const partPath = () => join(folder, 'blobs', 'staging', `${KEY}.part`);
const disk = (): BlobFilesPort => createBlobFiles(join(folder, 'blobs'), 0, SYNC);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-sync-'));
  settled = [];
  failures = 0;
  // The system's own call, counted; or answered as a disk does that lost what it was given.
  const handle = await open(folder, 'r');
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  const datasync = prototype.datasync;
  vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: FileHandle) {
    if (failures > 0) {
      failures -= 1;
      throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    }
    await datasync.call(this);
    settled.push((await this.stat()).size);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Piece after piece from where the part stands; the first refusal ends it. */
async function grow(blobs: BlobFilesPort, bytes: Uint8Array): Promise<string | null> {
  for (let at = blobs.received(KEY); at < bytes.length; ) {
    const step = await blobs.append(KEY, at, bytes.subarray(at, at + PIECE));
    if (!step.ok) return step.error.code;
    at = step.value.received;
  }
  return null;
}

describe('SY1 what of a growing part is on the disk', () => {
  it('is waited for every so many bytes, and all of it before its hash is told', async () => {
    const blobs = disk();
    const bytes = randomBytes(10_500);
    expect(await grow(blobs, bytes)).toBeNull();
    expect(settled).toEqual([4_000, 8_000]);
    expect(await blobs.digest(KEY)).toEqual({ ok: true, value: hashOf(bytes) });
    expect(settled).toEqual([4_000, 8_000, 10_500]);
    // Told once more, nothing is waited for that is there already.
    expect(await blobs.digest(KEY)).toEqual({ ok: true, value: hashOf(bytes) });
    expect(settled).toHaveLength(3);
  });

  it('is not known of what an earlier process wrote: it is waited for again', async () => {
    const bytes = randomBytes(3_000);
    expect(await grow(disk(), bytes)).toBeNull();
    expect(settled).toEqual([]);
    const next = disk();
    expect(await next.digest(KEY)).toEqual({ ok: true, value: hashOf(bytes) });
    expect(settled).toEqual([3_000]);
  });

  it('is not what an earlier part of the same key left', async () => {
    const blobs = disk();
    expect(await grow(blobs, randomBytes(4_000))).toBeNull();
    await blobs.dropPart(KEY);
    const bytes = randomBytes(4_000);
    expect(await grow(blobs, bytes)).toBeNull();
    expect(settled).toEqual([4_000, 4_000]);
    expect(await blobs.digest(KEY)).toEqual({ ok: true, value: hashOf(bytes) });
  });

  it('is all that stays when the disk says that it lost the rest, and the part goes on from there', async () => {
    const blobs = disk();
    const bytes = randomBytes(9_700);
    expect(await grow(blobs, bytes.subarray(0, 6_000))).toBeNull();
    failures = 1;
    expect(await grow(blobs, bytes)).toBe('ioError');
    expect(statSync(partPath()).size).toBe(4_000);
    expect(blobs.received(KEY)).toBe(4_000);
    expect(await grow(blobs, bytes)).toBeNull();
    failures = 1;
    expect(await blobs.digest(KEY)).toEqual({ ok: false, error: { code: 'ioError' } });
    expect(blobs.received(KEY)).toBe(8_000);
    expect(await grow(blobs, bytes)).toBeNull();
    expect(await blobs.digest(KEY)).toEqual({ ok: true, value: hashOf(bytes) });
    expect(await blobs.place(KEY, hashOf(bytes))).toEqual({ ok: true, value: null });
    expect(await blobs.verify(hashOf(bytes))).toEqual({ ok: true, value: null });
  });
});
