import { createHash } from 'node:crypto';
import { findBlob, heldBlobs, keepBlob } from '../db/blob-rows.ts';
import { dropUpload, type PartRow, partsOf, type UploadRow } from '../db/upload-rows.ts';
import { BlobGone, type BlobStore, newObjectName, roomBeyondReserve } from './blob-store.ts';
import type { UploadDeps } from './uploads.ts';

export type Finished = 'stored' | 'mismatch' | 'gone' | 'full' | 'unavailable';

async function* bytesOf(store: BlobStore, parts: readonly PartRow[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    let size = 0;
    for await (const chunk of store.read(part.objectName)) {
      size += chunk.length;
      yield chunk;
    }
    if (size !== part.size) throw new BlobGone('a part is not whole');
  }
}

/** SHA-256 over what is stored, read back from where it is kept. Null: a part is not there. */
async function storedHash(store: BlobStore, parts: readonly PartRow[]): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of bytesOf(store, parts)) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof BlobGone) return null;
    throw error;
  }
}

/** Takes away what no row names any more. What stays behind is the collector's. */
async function free(store: BlobStore, names: readonly string[]): Promise<void> {
  for (const name of names) await store.delete(name).catch(() => undefined);
}

/**
 * All bytes of the upload are there: compares their SHA-256 with what was said, and makes them one object of the desk. A content that the
 * desk has already is not stored again; the sender becomes one of its holders, for it did send it.
 */
export async function finishUpload(
  { db, store, now }: Pick<UploadDeps, 'db' | 'store' | 'now'>,
  deskId: string,
  upload: UploadRow,
): Promise<Finished> {
  const parts = await partsOf(db, deskId, upload.id);
  // Asked before all of it is read for nothing.
  const room = parts.length > 1 ? await roomBeyondReserve(store) : null;
  if (room !== null && room < upload.size) return 'full';
  const hash = await storedHash(store, parts);
  // Another process may have finished it meanwhile, and taken its parts away.
  const heldAfterAll = async (): Promise<Finished> => {
    const held = await heldBlobs(db, deskId, upload.personId, [upload.sha256]);
    return held.has(upload.sha256) ? 'stored' : 'gone';
  };
  if (hash !== upload.sha256) {
    const names = await dropUpload(db, deskId, upload.id);
    await free(store, names);
    return hash === null ? heldAfterAll() : 'mismatch';
  }
  for (;;) {
    const known = await findBlob(db, deskId, upload.sha256);
    const there = known !== null && (await store.sizeOf(known.objectName)) === known.size;
    let objectName: string | null = null;
    if (!there) {
      const made = await makeObject(store, parts, upload);
      if ('failed' in made) return made.failed === 'gone' ? heldAfterAll() : made.failed;
      objectName = made.name;
    }
    const kept = await keepBlob(db, deskId, upload, { objectName, lost: known?.objectName ?? null, now: now() });
    if (kept === 'again') continue;
    if (kept === 'gone') {
      // A single part is of whoever finished it; a copy of ours is nobody's.
      if (objectName !== null && parts.length > 1) await free(store, [objectName]);
      return heldAfterAll();
    }
    await free(store, kept.free);
    return 'stored';
  }
}

/** A file that came in one part is that object; any other is copied together. */
async function makeObject(
  store: BlobStore,
  parts: readonly PartRow[],
  { size, sha256 }: UploadRow,
): Promise<{ name: string } | { failed: 'full' | 'unavailable' | 'gone' }> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { name: only.objectName };
  const name = newObjectName();
  try {
    const put = await store.put(name, () => bytesOf(store, parts), { size, sha256 });
    return put.ok ? { name } : { failed: put.error };
  } catch (error) {
    if (error instanceof BlobGone) return { failed: 'gone' };
    throw error;
  }
}
