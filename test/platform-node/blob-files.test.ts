import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobFilesPort } from '../../src/core/ports/blob-files.ts';
import { createBlobFiles } from '../../src/platform-node/blob-files.ts';
import type { Result } from '../../src/shared/result.ts';
import { createMemoryBlobs, emptyBlobDisk } from '../support/console/memory-blobs.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const taken = <T, E>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const KEY = '00000000-0000-7000-8000-000000000001';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-blobs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function put(blobs: BlobFilesPort, bytes: Uint8Array, key = KEY): Promise<string> {
  taken(await blobs.append(key, 0, bytes));
  const sha256 = taken(await blobs.digest(key));
  taken(await blobs.place(key, sha256));
  return sha256;
}

const adapters: Record<string, () => BlobFilesPort> = {
  'on a disk': () => createBlobFiles(join(folder, 'blobs')),
  'in memory': () => createMemoryBlobs(emptyBlobDisk(), () => null),
};
for (const [where, make] of Object.entries(adapters)) {
  describe(`files of attachments ${where}`, () => {
    it('C130 a part grows piece by piece, from the page’s base64 or from bytes, and takes nothing out of turn', async () => {
      const blobs = make();
      const bytes = randomBytes(900);
      expect(blobs.received(KEY)).toBe(0);
      expect(taken(await blobs.append(KEY, 0, { base64: bytes.subarray(0, 300).toString('base64') }))).toEqual({
        received: 300,
      });
      expect(taken(await blobs.append(KEY, 0, bytes.subarray(0, 300)))).toEqual({ received: 300 });
      expect(taken(await blobs.append(KEY, 500, bytes.subarray(500)))).toEqual({ received: 300 });
      expect(taken(await blobs.append(KEY, 300, bytes.subarray(300)))).toEqual({ received: 900 });
      expect(taken(await blobs.digest(KEY))).toBe(hashOf(bytes));
    });

    it('C130 a whole part is found by its SHA-256; the same content twice is one file', async () => {
      const blobs = make();
      const bytes = randomBytes(500);
      const sha256 = await put(blobs, bytes);
      expect(sha256).toBe(hashOf(bytes));
      expect([blobs.sizeOf(sha256), blobs.received(KEY)]).toEqual([500, 0]);
      expect(await put(blobs, bytes, 'get-other')).toBe(sha256);
      const listed = taken(await blobs.list());
      expect(listed.files.map((file) => file.sha256)).toEqual([sha256]);
      expect(listed.parts).toEqual([]);
      expect(Buffer.from(taken(await blobs.read(sha256, 100, 50)))).toEqual(bytes.subarray(100, 150));
      expect(taken(await blobs.readPiece(sha256, 450, 100))).toBe(bytes.subarray(450).toString('base64'));
      taken(await blobs.drop(sha256));
      expect(blobs.sizeOf(sha256)).toBeNull();
      expect(await blobs.verify(sha256)).toEqual({ ok: false, error: { code: 'gone' } });
      expect(await blobs.read(sha256, 0, 1)).toEqual({ ok: false, error: { code: 'gone' } });
    });

    it('C133 a file has another stamp once it was written again, and none once it is gone', async () => {
      const blobs = make();
      const bytes = randomBytes(500);
      const sha256 = await put(blobs, bytes);
      const stamp = blobs.stampOf(sha256);
      expect(stamp).not.toBeNull();
      taken(await blobs.verify(sha256));
      await put(blobs, bytes, 'again');
      expect(blobs.stampOf(sha256)).toBe(stamp);
      taken(await blobs.drop(sha256));
      expect(blobs.stampOf(sha256)).toBeNull();
      await put(blobs, bytes);
      expect(blobs.stampOf(sha256)).not.toBe(stamp);
    });

    it('a part that is not there has no hash and no name', async () => {
      const blobs = make();
      expect(await blobs.digest(KEY)).toEqual({ ok: false, error: { code: 'gone' } });
      expect(await blobs.place(KEY, hashOf(new Uint8Array()))).toEqual({ ok: false, error: { code: 'gone' } });
      taken(await blobs.dropPart(KEY));
    });
  });
}

describe('files of attachments on a disk', () => {
  const disk = () => createBlobFiles(join(folder, 'blobs'));
  const partPath = () => join(folder, 'blobs', 'staging', `${KEY}.part`);
  const filePath = (sha256: string) => join(folder, 'blobs', 'content', sha256.slice(0, 2), sha256);

  it('SY1: another process goes on from what is on the disk, and its hash is that of the whole file', async () => {
    const bytes = randomBytes(3_000_000);
    taken(await disk().append(KEY, 0, bytes.subarray(0, 1_300_000)));
    const next = disk();
    expect(next.received(KEY)).toBe(1_300_000);
    taken(await next.append(KEY, 1_300_000, bytes.subarray(1_300_000)));
    expect(taken(await disk().digest(KEY))).toBe(hashOf(bytes));
    expect(taken(await next.digest(KEY))).toBe(hashOf(bytes));
  });

  it('SY1: what the system kept of a write that nobody answered counts as received, and is hashed', async () => {
    const bytes = randomBytes(1_000);
    const blobs = disk();
    taken(await blobs.append(KEY, 0, bytes.subarray(0, 400)));
    // The process of before died between its write and its answer.
    appendFileSync(partPath(), bytes.subarray(400, 700));
    expect(taken(await blobs.append(KEY, 400, bytes.subarray(400, 700)))).toEqual({ received: 700 });
    taken(await blobs.append(KEY, 700, bytes.subarray(700)));
    expect(taken(await blobs.digest(KEY))).toBe(hashOf(bytes));
  });

  it('C133: a flipped byte is found: by verifying, and by reading to the end', async () => {
    const blobs = disk();
    const bytes = randomBytes(1_000);
    const sha256 = await put(blobs, bytes);
    expect(taken(await blobs.verify(sha256))).toBeNull();
    const stored = readFileSync(filePath(sha256));
    stored[600] = (stored[600] ?? 0) ^ 1;
    writeFileSync(filePath(sha256), stored);
    expect(await blobs.verify(sha256)).toEqual({ ok: false, error: { code: 'damaged' } });
    expect((await blobs.readPiece(sha256, 0, 500)).ok).toBe(true);
    expect(await blobs.readPiece(sha256, 500, 500)).toEqual({ ok: false, error: { code: 'damaged' } });
    // A file that is shorter than it was is no other.
    writeFileSync(filePath(sha256), bytes.subarray(0, 10));
    expect(await blobs.readPiece(sha256, 0, 500)).toEqual({ ok: false, error: { code: 'damaged' } });
  });

  it('C133 the good part takes the place of a copy that is not whole any more, and no other', async () => {
    const blobs = disk();
    const bytes = randomBytes(1_000);
    const sha256 = await put(blobs, bytes);
    const { ino } = statSync(filePath(sha256));
    await put(blobs, bytes, 'again');
    expect(statSync(filePath(sha256)).ino).toBe(ino);
    const flipped = Buffer.from(bytes);
    flipped[600] = (flipped[600] ?? 0) ^ 1;
    for (const damaged of [flipped, bytes.subarray(0, 10), Buffer.alloc(0), Buffer.concat([bytes, bytes])]) {
      writeFileSync(filePath(sha256), damaged);
      await put(blobs, bytes, 'again');
      expect(readFileSync(filePath(sha256)).equals(bytes)).toBe(true);
      expect(blobs.received('again')).toBe(0);
    }
    // Nothing to put in its place: it stays as it is.
    writeFileSync(filePath(sha256), flipped);
    expect(await blobs.place('none', sha256)).toEqual({ ok: false, error: { code: 'damaged' } });
    expect(readFileSync(filePath(sha256)).equals(flipped)).toBe(true);
  });

  it('is for its owner alone, and stands by digits of its hash', async () => {
    const sha256 = await put(disk(), randomBytes(10));
    expect(statSync(filePath(sha256)).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, 'blobs', 'staging'))).toEqual([]);
  });

  it('C130 says the room that is left less its reserve, before anything of it exists', () => {
    const here = join(folder, 'blobs');
    const room = createBlobFiles(here, 0).room() ?? 0;
    expect(room).toBeGreaterThan(0);
    expect(createBlobFiles(here, Number.MAX_SAFE_INTEGER).room()).toBe(0);
    expect(existsSync(here)).toBe(false);
  });

  it('a key or a hash that names another folder is a bug, never a path', () => {
    expect(() => disk().received('../../outbox')).toThrow();
    expect(() => disk().sizeOf('../../outbox.db')).toThrow();
  });

  it('calls of one key run one after another: two windows that send the same piece write it once', async () => {
    const blobs = disk();
    const bytes = randomBytes(2_000);
    const both = await Promise.all([blobs.append(KEY, 0, bytes), blobs.append(KEY, 0, bytes)]);
    expect(both.map((result) => taken(result).received)).toEqual([2_000, 2_000]);
    expect(taken(await blobs.digest(KEY))).toBe(hashOf(bytes));
  });
});
