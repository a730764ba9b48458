import { createReadStream } from 'node:fs';
import { access, constants, mkdir, open, opendir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok } from '../../shared/result.ts';
import { BlobGone, type BlobStore, BlobsUnavailable, isObjectName, type StoredObject } from './blob-store.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const GONE = new Set(['ENOENT', 'ENOTDIR']);
/** A folder on a server that is away, a disk that was taken out. */
const AWAY = new Set(['EIO', 'ESTALE', 'EROFS', 'ENXIO', 'ENODEV', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ETIMEDOUT']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function told(error: unknown): never {
  const code = codeOf(error);
  if (GONE.has(code)) throw new BlobGone('there is no such object', { cause: error });
  if (AWAY.has(code)) throw new BlobsUnavailable('the folder of files cannot be used', { cause: error });
  throw error;
}

/** Two levels of folders by the first four digits, so that none of them grows large. The mark of the place lies on top. */
const pathOf = (root: string, name: string): string =>
  isObjectName(name) ? join(root, name.slice(0, 2), name.slice(2, 4), name) : join(root, name);

async function syncFolder(path: string): Promise<void> {
  // Windows has no such thing; there the file system orders its own log.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

/** Files in a folder, for their owner alone. File, and the folders that name it, are on the disk before `put` answers. */
export function createFileBlobStore(root: string): BlobStore {
  async function write(path: string, source: () => AsyncIterable<Uint8Array>): Promise<void> {
    const folder = dirname(path);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', 0o600);
    try {
      try {
        for await (const chunk of source()) {
          for (let from = 0; from < chunk.length; ) from += (await file.write(chunk, from)).bytesWritten;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(folder);
      if (made !== undefined) for (const above of [dirname(folder), root]) await syncFolder(above);
    } catch (error) {
      // Only what was opened here: what was there before is not ours to take away.
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  return {
    place: root,
    async prepare() {
      await mkdir(root, { recursive: true, mode: 0o700 }).catch(told);
    },
    async put(name, source) {
      try {
        await write(pathOf(root, name), source);
        return ok(null);
      } catch (error) {
        const code = codeOf(error);
        if (FULL.has(code)) return err('full');
        if (AWAY.has(code) || code === 'EEXIST') return err('unavailable');
        throw error;
      }
    },
    async sizeOf(name) {
      try {
        return (await stat(pathOf(root, name))).size;
      } catch (error) {
        if (!GONE.has(codeOf(error))) told(error);
        // A folder that is not mounted has none of its files: that is no news of the file.
        await stat(root).catch((failure) => {
          throw new BlobsUnavailable('the folder of files is not there', { cause: failure });
        });
        return null;
      }
    },
    async *read(name, range) {
      try {
        yield* createReadStream(pathOf(root, name), { ...range, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
      } catch (error) {
        told(error);
      }
    },
    async delete(name) {
      await rm(pathOf(root, name), { force: true }).catch(told);
    },
    async *list(skipped) {
      // One that cannot be read, or went away, hides nothing of the others.
      const passOver = (error: unknown) => {
        skipped?.(error);
        return [];
      };
      for (const one of await folders(root)) {
        for (const two of await folders(join(root, one)).catch(passOver)) {
          const held = await files(join(root, one, two)).catch(passOver);
          yield* held;
        }
      }
    },
    async room() {
      try {
        await access(root, constants.W_OK);
        const { bavail, bsize } = await statfs(root);
        return bavail * bsize;
      } catch (error) {
        throw new BlobsUnavailable('the folder of files cannot be used', { cause: error });
      }
    },
  };
}

async function folders(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(path).catch(told)) {
    if (entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name)) names.push(entry.name);
  }
  return names;
}

async function files(path: string): Promise<StoredObject[]> {
  const held: StoredObject[] = [];
  for await (const entry of await opendir(path).catch(told)) {
    if (!entry.isFile() || !isObjectName(entry.name)) continue;
    const found = await stat(join(path, entry.name)).catch(() => null);
    if (found !== null) held.push({ name: entry.name, size: found.size, changedAt: Math.floor(found.mtimeMs) });
  }
  return held;
}
