import {
  aloneInCollecting,
  forgetFinished,
  namedObjects,
  restoredSince,
  staleUploads,
  takeUnnamed,
} from '../db/blob-collection.ts';
import type { Database } from '../db/pool.ts';
import { dropUpload } from '../db/upload-rows.ts';
import { collectAfter } from './blob-limits.ts';
import type { BlobStore, StoredObject } from './blob-store.ts';

export interface Collected {
  /** Uploads given up by their senders. */
  readonly uploads: number;
  /** Contents that no command ever named. */
  readonly files: number;
  /** Objects that no row names. */
  readonly objects: number;
  readonly bytes: number;
  /** Objects that no row names and that stay: of before a restore, or of another database. */
  readonly kept: number;
}
export interface CollectDeps {
  readonly db: Pick<Database, 'pool'>;
  readonly store: BlobStore;
  readonly now: () => number;
}
const BATCH = 500;

async function* batches(objects: AsyncIterable<StoredObject>): AsyncGenerator<StoredObject[]> {
  let batch: StoredObject[] = [];
  for await (const object of objects) {
    batch.push(object);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Takes away what nobody needs: uploads given up, contents that no stored command names (whatever became of the command: parked and
 * orphaned acts keep theirs), objects that no row names. Null: another process is at it.
 *
 * Objects go by their age alone, and two kinds of them stay: for a while after a restore, those of what the backup did not have; and all of them
 * where the database knows none, for then it is the wrong place or the wrong database.
 */
export function collect({ db, store, now }: CollectDeps): Promise<Collected | null> {
  return aloneInCollecting(db, async () => {
    const at = now();
    let bytes = 0;
    let uploads = 0;
    for (const { deskId, id } of await staleUploads(db, at - collectAfter.unfinishedMs)) {
      for (const name of await dropUpload(db, deskId, id)) {
        bytes += (await store.sizeOf(name)) ?? 0;
        await store.delete(name);
      }
      uploads++;
    }
    await forgetFinished(db, at - collectAfter.finishedRowMs);
    const unnamed = await takeUnnamed(db, at - collectAfter.unnamedMs);
    for (const { name, size } of unnamed) {
      await store.delete(name);
      bytes += size;
    }
    const strays = await collectStrays({ db, store }, at);
    return {
      uploads,
      files: unnamed.length,
      objects: strays.gone,
      bytes: bytes + strays.bytes,
      kept: strays.kept,
    };
  });
}

async function collectStrays({ db, store }: Pick<CollectDeps, 'db' | 'store'>, at: number) {
  const restored = await restoredSince(db, at - collectAfter.unnamedMs);
  const before = at - (restored ? collectAfter.unnamedMs : collectAfter.unknownMs);
  let known = 0;
  let kept = 0;
  const old: StoredObject[] = [];
  for await (const batch of batches(store.list())) {
    const named = await namedObjects(
      db,
      batch.map(({ name }) => name),
    );
    known += named.size;
    const strays = batch.filter(({ name }) => !named.has(name));
    const due = strays.filter(({ changedAt }) => changedAt < before);
    old.push(...due);
    kept += strays.length - due.length;
  }
  if (known === 0) return { gone: 0, bytes: 0, kept: kept + old.length };
  let bytes = 0;
  for (const { name, size } of old) {
    await store.delete(name);
    bytes += size;
  }
  return { gone: old.length, bytes, kept };
}
