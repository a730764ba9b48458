import {
  aloneInCollecting,
  forgetFinished,
  namedObjects,
  restoredSince,
  staleUploads,
  takeUnnamed,
} from '../db/blob-collection.ts';
import { collectedNow, lastCollected } from '../db/blob-place.ts';
import type { Database } from '../db/pool.ts';
import { dropUpload } from '../db/upload-rows.ts';
import { blobLimits, collectAfter } from './blob-limits.ts';
import type { StoredObject } from './blob-store.ts';
import type { OwnPlace } from './own-place.ts';

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
  readonly store: OwnPlace;
  readonly now: () => number;
  /** One thing was left as it is, for a fault of its own; the others go on. */
  readonly onTrouble?: (about: string, error: unknown) => void;
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
 * orphaned acts keep theirs), objects that no row names. Null: another process is at it. Rejects when the place is away as a whole, or
 * is not this database's; a single object that cannot be deleted is left to the next time.
 *
 * Objects go by their age alone, and two kinds of them stay: for a while after a restore, those of what the backup did not have; and all of them
 * where the database knows none.
 */
export const collect = (deps: CollectDeps): Promise<Collected | null> =>
  aloneInCollecting(deps.db, () => collectAlone(deps));

/** The same, if no process has come to its end with it for a day; null too when it is not due. */
export function collectWhenDue(deps: CollectDeps): Promise<Collected | null> {
  return aloneInCollecting(deps.db, async () => {
    const last = await lastCollected(deps.db);
    // A time far ahead is of a clock that was wrong: else nothing would ever be taken.
    if (last !== null && Math.abs(deps.now() - last) < blobLimits.collectMs) return null;
    return collectAlone(deps);
  });
}

async function collectAlone(deps: CollectDeps): Promise<Collected> {
  const { db, store, now } = deps;
  const at = now();
  await store.look();
  let bytes = 0;
  let uploads = 0;
  for (const { deskId, id } of await staleUploads(db, at - collectAfter.unfinishedMs)) {
    for (const name of await dropUpload(db, deskId, id)) {
      const size = await unlessFaulty(deps, `the part ${name}`, () => store.sizeOf(name));
      if (await deleted(deps, name)) bytes += size ?? 0;
    }
    uploads++;
  }
  await forgetFinished(db, at - collectAfter.finishedRowMs);
  const unnamed = await takeUnnamed(db, at - collectAfter.unnamedMs);
  // What stays behind now has no row any more, and is tried again as that.
  for (const { name, size } of unnamed) if (await deleted(deps, name)) bytes += size;
  const strays = await collectStrays(deps, at);
  await collectedNow(db, at);
  return {
    uploads,
    files: unnamed.length,
    objects: strays.gone,
    bytes: bytes + strays.bytes,
    kept: strays.kept,
  };
}

/** Undefined: it failed, and the place as a whole is well. */
async function unlessFaulty<T>(
  { store, onTrouble }: Pick<CollectDeps, 'store' | 'onTrouble'>,
  about: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    await store.look();
    onTrouble?.(about, error);
    return undefined;
  }
}
const deleted = async (deps: CollectDeps, name: string): Promise<boolean> =>
  (await unlessFaulty(deps, `the object ${name}`, () => deps.store.delete(name).then(() => true))) ?? false;

async function collectStrays(deps: CollectDeps, at: number) {
  const { db, store, onTrouble } = deps;
  const restored = await restoredSince(db, at - collectAfter.unnamedMs);
  const before = at - (restored ? collectAfter.unnamedMs : collectAfter.unknownMs);
  let known = 0;
  let kept = 0;
  const old: StoredObject[] = [];
  for await (const batch of batches(store.list((error) => onTrouble?.('a part of the place', error)))) {
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
  let [gone, bytes] = [0, 0];
  for (const { name, size } of old) {
    if (!(await deleted(deps, name))) continue;
    gone++;
    bytes += size;
  }
  return { gone, bytes, kept: kept + old.length - gone };
}
