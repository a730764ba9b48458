import { hash, randomBytes } from 'node:crypto';
import { blobPages, type DeskFiles, deskFiles } from '../db/blob-collection.ts';
import type { Database } from '../db/pool.ts';
import { blobLimits } from './blob-limits.ts';
import { type BlobStore, newObjectName } from './blob-store.ts';

export interface BlobHealth {
  readonly place: string;
  /** An object could be written, read back the same, and deleted. */
  readonly works: boolean;
  /** Why not; null when it works. */
  readonly trouble: string | null;
  /** Bytes that may still be written; null where the place does not say. */
  readonly room: number | null;
  /** Not even the reserve is left: uploads are refused. */
  readonly full: boolean;
  readonly desks: readonly DeskFiles[];
}
const PROBE_BYTES = 4_096;
const AT_ONCE = 16;

/** Writes and reads one small object, and says what the database counts. Rejects only when the database does not answer. */
export async function blobHealth(db: Pick<Database, 'pool'>, store: BlobStore): Promise<BlobHealth> {
  const desks = await deskFiles(db);
  let room: number | null = null;
  let trouble: string | null = null;
  try {
    room = await store.room();
    trouble = await probe(store);
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  const full = room !== null && room <= blobLimits.reserveBytes;
  return { place: store.place, works: trouble === null, trouble, room, full, desks };
}

async function probe(store: BlobStore): Promise<string | null> {
  const bytes = randomBytes(PROBE_BYTES);
  const name = newObjectName();
  const source = async function* () {
    yield bytes;
  };
  const put = await store.put(name, source, { size: bytes.length, sha256: hash('sha256', bytes, 'hex') });
  if (!put.ok) return put.error === 'full' ? 'there is no room left' : 'it does not take an object';
  const read: Uint8Array[] = [];
  for await (const chunk of store.read(name)) read.push(chunk);
  await store.delete(name);
  return Buffer.concat(read).equals(bytes) ? null : 'an object came back changed';
}

export interface MissingFile {
  readonly deskId: string;
  readonly sha256: string;
  readonly size: number;
}

/** Files that the database knows and the place lacks, or has in another size: asked of each, none is read. */
export async function missingFiles(
  db: Pick<Database, 'pool'>,
  store: BlobStore,
  deskId: string,
): Promise<MissingFile[]> {
  const missing: MissingFile[] = [];
  for await (const page of blobPages(db, deskId)) {
    for (let at = 0; at < page.length; at += AT_ONCE) {
      const some = page.slice(at, at + AT_ONCE);
      const sizes = await Promise.all(some.map(({ name }) => store.sizeOf(name)));
      for (const [index, { sha256, size }] of some.entries())
        if (sizes[index] !== size) missing.push({ deskId, sha256, size });
    }
  }
  return missing;
}
