import { randomUUID } from 'node:crypto';
import { err, ok, type Result } from '../../shared/result.ts';
import {
  aloneInMarking,
  beginBlobPlace,
  blobPlaceMarked,
  readBlobPlace,
  someKnownObjects,
  takeBlobPlace,
} from '../db/blob-place.ts';
import type { Database } from '../db/pool.ts';
import { BlobGone, type BlobStore, BlobsUnavailable, PLACE_MARK, sha256Of } from './blob-store.ts';

/**
 * How a place stands to a database. `new`: neither knows of the other, and they may begin together · `missing`: the mark is not there,
 * though the database has had it read, or knows files of which none is there · `foreign`: the mark is another one's; `mark` is its id, or
 * empty when it cannot be read · `strange`: there are files and no mark, and the database knows none.
 */
export type PlaceStanding =
  | { readonly kind: 'ours' | 'new' | 'missing' | 'strange' }
  | { readonly kind: 'foreign'; readonly mark: string };
type Db = Pick<Database, 'pool'>;

const SOME = 8;
const LONGEST = 1_000;
const textOf = (id: string): string => `chasqui files of ${id}\n`;
const idIn = (text: string): string => /^chasqui files of ([0-9a-f-]{36})\n$/.exec(text)?.[1] ?? '';

/** Null: there is none. */
async function readMark(store: BlobStore): Promise<string | null> {
  let text = '';
  try {
    for await (const chunk of store.read(PLACE_MARK)) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.length > LONGEST) break;
    }
    return text;
  } catch (error) {
    if (error instanceof BlobGone) return null;
    throw error;
  }
}

async function isEmpty(store: BlobStore): Promise<boolean> {
  try {
    for await (const _object of store.list()) return false;
    return true;
  } catch (error) {
    if (error instanceof BlobGone) return true;
    throw error;
  }
}

/** Whether the mark of this id, and no other, is there: one small read. */
export const bears = async (store: BlobStore, id: string): Promise<boolean> => (await readMark(store)) === textOf(id);

/** Asks both, and changes neither. Rejects with `BlobsUnavailable` when the place does not answer. */
export async function standingOf(db: Db, store: BlobStore): Promise<PlaceStanding> {
  const row = await readBlobPlace(db);
  const mark = await readMark(store);
  // Of a process that ended as it wrote it.
  const torn = mark !== null && row?.markedAt === null && textOf(row.id).startsWith(mark);
  if (mark !== null && mark === textOf(row?.id ?? '')) return { kind: 'ours' };
  if (mark !== null && !torn) return { kind: 'foreign', mark: idIn(mark) };
  if (row !== null && row.markedAt !== null) return { kind: 'missing' };
  const known = await someKnownObjects(db, SOME);
  for (const { name, size } of known) {
    if ((await store.sizeOf(name)) === size) return { kind: 'new' };
  }
  if (known.length > 0) return { kind: 'missing' };
  return { kind: (await isEmpty(store)) ? 'new' : 'strange' };
}

async function putMark(store: BlobStore, id: string): Promise<void> {
  await store.prepare();
  await store.delete(PLACE_MARK);
  const bytes = Buffer.from(textOf(id));
  const source = async function* () {
    yield bytes;
  };
  const put = await store.put(PLACE_MARK, source, { size: bytes.length, sha256: sha256Of(bytes) });
  if (!put.ok)
    throw new BlobsUnavailable(
      put.error === 'full'
        ? 'the place of files has no room for the mark of its database'
        : 'the place of files takes no mark',
    );
}

/**
 * As `standingOf`, and begins where both are new: the id into the database first, so that all its processes write the same mark. Gives the id
 * when the place is the database's.
 */
export async function settlePlace(db: Db, store: BlobStore, now: () => number): Promise<Result<string, PlaceStanding>> {
  let standing = await standingOf(db, store);
  if (standing.kind === 'new')
    standing = await aloneInMarking(db, async () => {
      if ((await standingOf(db, store)).kind === 'new') await putMark(store, await beginBlobPlace(db, randomUUID()));
      return standingOf(db, store);
    });
  if (standing.kind !== 'ours') return err(standing);
  const row = await readBlobPlace(db);
  if (row === null) return err({ kind: 'missing' });
  if (row.markedAt === null) await blobPlaceMarked(db, row.id, now());
  return ok(row.id);
}

/**
 * Makes the place this database's, under a new id, whatever the two said before: a copy of a database is parted from its original so. One that
 * bears the mark of another is taken only by naming that mark.
 */
export async function claimPlace(
  db: Db,
  store: BlobStore,
  { named, now }: { readonly named: string | null; readonly now: () => number },
): Promise<Result<'already' | 'claimed', PlaceStanding>> {
  await store.prepare();
  const standing = await standingOf(db, store);
  if (standing.kind === 'ours' && named === null) return ok('already');
  const bearer = standing.kind === 'ours' ? ((await readBlobPlace(db))?.id ?? '') : null;
  const mark = standing.kind === 'foreign' ? standing.mark : bearer;
  if (mark !== null && named !== (mark === '' ? 'unreadable' : mark)) return err(standing);
  const id = randomUUID();
  await putMark(store, id);
  if (!(await bears(store, id))) throw new BlobsUnavailable('the place of files does not take a mark');
  await takeBlobPlace(db, id, now());
  return ok('claimed');
}

/** What to tell people of a place that is not the database's; null: it is. */
export function standingWords(place: string, standing: PlaceStanding): string | null {
  switch (standing.kind) {
    case 'ours':
    case 'new':
      return null;
    case 'missing':
      return `${place} lacks the mark of this database: it is not mounted, or not the place of its files`;
    case 'strange':
      return `${place} holds files that this database does not know, and no mark: it is the place of another`;
    case 'foreign':
      return `${place} bears the mark of another database (${standing.mark || 'unreadable'}): one place belongs to one`;
  }
}
