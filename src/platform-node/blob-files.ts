import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobFailure, BlobFilesPort, BlobListing } from '../core/ports/blob-files.ts';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import { assert } from '../shared/assert.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { storageFailureOf } from './sqlite/storage-failure.ts';

/** What files of attachments leave free on the disk: the outbox must be able to write. */
const RESERVE_BYTES = 200_000_000;
/** Written at most between two waits for the disk: few enough bytes that the last wait, before a file counts as kept, is short. */
const SYNC_BYTES = 16_000_000;
/** Read at a time while hashing: short enough that nothing waits for it. */
const READ_BYTES = 1_000_000;
const HEX = /^[0-9a-f]{64}$/u;
const KEY = /^[0-9a-z-]{1,80}$/u;

/** A hash under way over the first `bytes` of a part, or of a file that is being read. */
interface Running {
  readonly hash: Hash;
  bytes: number;
}

/**
 * `BlobFilesPort` over a folder: `staging/<key>.part` and `content/<aa>/<sha256>`. Nothing is kept open between calls. A write that fails is taken
 * back, so that what a part holds is always a beginning of its file; so is everything since the last sync when the disk says that it could not
 * keep it, for it says so once only.
 */
export function createBlobFiles(folder: string, reserve = RESERVE_BYTES, syncBytes = SYNC_BYTES): BlobFilesPort {
  const staging = join(folder, 'staging');
  const content = join(folder, 'content');
  const hashing = new Map<string, Running>();
  const reading = new Map<string, Running>();
  /** Bytes at the beginning of a part that are known to be on the disk. Of what an earlier process wrote nothing is known. */
  const synced = new Map<string, number>();
  const queues = new Map<string, Promise<unknown>>();

  const partPath = (key: string) => {
    assert(KEY.test(key), 'a key of a part is plain');
    return join(staging, `${key}.part`);
  };
  const shelf = (sha256: string) => join(content, sha256.slice(0, 2));
  const filePath = (sha256: string) => {
    assert(HEX.test(sha256), 'a file is known by its SHA-256');
    return join(shelf(sha256), sha256);
  };
  const sizeAt = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

  /** One call of a key after another. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = queues.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    queues.set(key, mine);
    const over = () => {
      if (queues.get(key) === mine) queues.delete(key);
    };
    mine.then(over, over);
    return mine;
  }

  async function hashed(path: string, upTo: number): Promise<Result<Hash, BlobFailure>> {
    return withFile(path, 'r', async (file) => {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, upTo)));
      for (let at = 0; at < upTo; ) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, upTo - at), at);
        if (bytesRead === 0) return err({ code: 'damaged' });
        hash.update(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      return ok(hash);
    });
  }

  async function runningHash(key: string, bytes: number): Promise<Result<Running, BlobFailure>> {
    const held = hashing.get(key);
    if (held !== undefined && held.bytes === bytes) return ok(held);
    const again = bytes === 0 ? ok(createHash('sha256')) : await hashed(partPath(key), bytes);
    if (!again.ok) return again;
    const running = { hash: again.value, bytes };
    hashing.set(key, running);
    return ok(running);
  }

  async function appendTo(key: string, offset: number, bytes: Uint8Array) {
    const path = partPath(key);
    const received = sizeAt(path) ?? 0;
    if (offset !== received || bytes.length === 0) return ok({ received });
    const running = await runningHash(key, received);
    if (!running.ok) return asStorage(running.error);
    const written = await tried(async () => {
      mkdirSync(staging, { recursive: true, mode: 0o700 });
      if (received === 0) synced.delete(key);
      const file = await open(path, received === 0 ? 'w' : 'r+', 0o600);
      try {
        try {
          for (let at = 0; at < bytes.length; ) {
            const { bytesWritten } = await file.write(bytes, at, bytes.length - at, received + at);
            at += bytesWritten;
          }
        } catch (error) {
          await file.truncate(received).catch(() => {});
          throw error;
        }
        const whole = received + bytes.length;
        if (whole - (synced.get(key) ?? 0) >= syncBytes) await settle(key, file, whole);
      } finally {
        await file.close();
      }
      if (received === 0) await settleFolder(staging);
    });
    if (!written.ok) return written;
    running.value.hash.update(bytes);
    running.value.bytes += bytes.length;
    return ok({ received: received + bytes.length });
  }

  /** The first `bytes` of a part are on the disk when this answers; else it ends where they surely are. */
  async function settle(key: string, file: FileHandle, bytes: number): Promise<void> {
    try {
      await file.datasync();
      synced.set(key, bytes);
    } catch (error) {
      hashing.delete(key);
      await file.truncate(synced.get(key) ?? 0).catch(() => {});
      throw error;
    }
  }

  async function settlePart(key: string, bytes: number): Promise<Result<null, StorageFailure>> {
    if (synced.get(key) === bytes) return ok(null);
    return tried(async () => {
      const file = await open(partPath(key), 'r+');
      await settle(key, file, bytes).finally(() => file.close());
      return null;
    });
  }

  async function verified(sha256: string): Promise<Result<null, BlobFailure>> {
    const size = sizeAt(filePath(sha256));
    if (size === null) return err({ code: 'gone' });
    const hash = await hashed(filePath(sha256), size);
    if (!hash.ok) return hash;
    return hash.value.digest('hex') === sha256 ? ok(null) : err({ code: 'damaged' });
  }

  async function placeAs(key: string, sha256: string): Promise<Result<null, BlobFailure>> {
    const part = partPath(key);
    const target = filePath(sha256);
    // Read, not only looked for: a copy that is not whole any more, or cannot be read, would take the good one's place for ever.
    const here = await verified(sha256);
    if (!here.ok && sizeAt(part) === null) return here;
    hashing.delete(key);
    synced.delete(key);
    return tried(async () => {
      if (here.ok) {
        await rm(part, { force: true });
        return null;
      }
      reading.delete(sha256);
      mkdirSync(shelf(sha256), { recursive: true, mode: 0o700 });
      const file = await open(part, 'r+');
      await file.sync().finally(() => file.close());
      await rename(part, target);
      for (const path of [shelf(sha256), content, folder, staging]) await settleFolder(path);
      return null;
    });
  }

  return {
    room() {
      const there = [folder, join(folder, '..')].find(
        (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
      );
      if (there === undefined) return null;
      try {
        const { bavail, bsize } = statfsSync(there);
        return Math.max(0, bavail * bsize - reserve);
      } catch {
        return null;
      }
    },
    received: (key) => sizeAt(partPath(key)) ?? 0,
    append: (key, offset, piece) =>
      inTurn(key, () =>
        appendTo(key, offset, piece instanceof Uint8Array ? piece : Buffer.from(piece.base64, 'base64')),
      ),
    digest: (key) =>
      inTurn(key, async () => {
        const size = sizeAt(partPath(key));
        if (size === null) return err({ code: 'gone' });
        const kept = await settlePart(key, size);
        if (!kept.ok) return kept;
        const running = await runningHash(key, size);
        return running.ok ? ok(running.value.hash.copy().digest('hex')) : running;
      }),
    // In turn with whoever drops that very file: one that is being placed anew is not taken away with the old one.
    place: (key, sha256) => inTurn(key, () => inTurn(sha256, () => placeAs(key, sha256))),
    dropPart: (key) =>
      inTurn(key, () => {
        hashing.delete(key);
        synced.delete(key);
        return removed(partPath(key));
      }),
    sizeOf: (sha256) => sizeAt(filePath(sha256)),
    stampOf(sha256) {
      const found = statSync(filePath(sha256), { throwIfNoEntry: false, bigint: true });
      return found === undefined ? null : `${found.size}-${found.mtimeNs}-${found.ino}`;
    },
    verify: verified,
    read: (sha256, offset, length) => readAt(filePath(sha256), offset, length),
    readPiece: (sha256, offset, length) =>
      inTurn(sha256, async () => {
        const path = filePath(sha256);
        const bytes = await readAt(path, offset, length);
        if (!bytes.ok) return bytes;
        if (offset === 0) reading.set(sha256, { hash: createHash('sha256'), bytes: 0 });
        const running = reading.get(sha256);
        if (running !== undefined && running.bytes === offset) {
          running.hash.update(bytes.value);
          running.bytes += bytes.value.length;
          if (running.bytes >= (sizeAt(path) ?? 0)) {
            reading.delete(sha256);
            if (running.hash.digest('hex') !== sha256) return err({ code: 'damaged' });
          }
        }
        const { buffer, byteOffset, byteLength } = bytes.value;
        return ok(Buffer.from(buffer, byteOffset, byteLength).toString('base64'));
      }),
    drop: (sha256) =>
      inTurn(sha256, () => {
        reading.delete(sha256);
        return removed(filePath(sha256));
      }),
    async list() {
      const listing: { parts: BlobListing['parts'][number][]; files: BlobListing['files'][number][] } = {
        parts: [],
        files: [],
      };
      const listed = await tried(async () => {
        for (const name of await namesIn(staging)) {
          const { size, mtimeMs } = await stat(join(staging, name));
          if (name.endsWith('.part'))
            listing.parts.push({ key: name.slice(0, -'.part'.length), bytes: size, changedAt: Math.round(mtimeMs) });
        }
        for (const shelfName of await namesIn(content)) {
          for (const name of await namesIn(join(content, shelfName))) {
            if (!HEX.test(name)) continue;
            const { size, mtimeMs } = await stat(join(content, shelfName, name));
            listing.files.push({ sha256: name, bytes: size, changedAt: Math.round(mtimeMs) });
          }
        }
      });
      return listed.ok ? ok(listing) : listed;
    },
  };
}

const readAt = (path: string, offset: number, length: number): Promise<Result<Uint8Array, BlobFailure>> =>
  withFile(path, 'r', async (file) => {
    const buffer = Buffer.allocUnsafe(length);
    let got = 0;
    while (got < length) {
      const { bytesRead } = await file.read(buffer, got, length - got, offset + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return ok(buffer.subarray(0, got));
  });

async function withFile<T>(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<Result<T, BlobFailure>>,
): Promise<Result<T, BlobFailure>> {
  const done = await tried(async () => {
    let file: FileHandle;
    try {
      file = await open(path, flags);
    } catch (error) {
      if (isMissing(error)) return err<BlobFailure>({ code: 'gone' });
      throw error;
    }
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  });
  return done.ok ? done.value : done;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function tried<T>(work: () => Promise<T>): Promise<Result<T, StorageFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    const failure = storageFailureOf(error);
    if (failure !== null) return err(failure);
    // A file that went from under the call: somebody tidies this folder by hand.
    if (isMissing(error)) return err({ code: 'ioError' });
    throw error;
  }
}

const asStorage = ({ code }: BlobFailure): Result<never, StorageFailure> =>
  err({ code: code === 'gone' || code === 'damaged' ? 'ioError' : code });

const removed = (path: string): Promise<Result<null, StorageFailure>> =>
  tried(async () => {
    await rm(path, { force: true });
    return null;
  });

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A new name is on the disk when its folder is. Windows opens no folder, and its file system keeps names in a log of its own. */
async function settleFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
