import type { Database } from './pool.ts';
import { inTransaction } from './transaction.ts';

type Db = Pick<Database, 'pool'>;

/** The place of files that belongs to this database. */
export interface BlobPlaceRow {
  readonly id: string;
  /** When the id was first read at the place; null: it has not been there yet. */
  readonly markedAt: number | null;
}

/** Null: this database has had no place yet. */
export async function readBlobPlace(db: Db): Promise<BlobPlaceRow | null> {
  const { rows } = await db.pool.query<BlobPlaceRow>('select id, marked_at as "markedAt" from blob_place where one');
  return rows[0] ?? null;
}

const PLACE_LOCK = 781_243_006;

/** One process at a time: two that begin at once would each find the other's half of a mark. */
export const aloneInMarking = <T>(db: Db, work: () => Promise<T>): Promise<T> =>
  inTransaction(db, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [PLACE_LOCK]);
    return work();
  });

/** The id that all processes of this database use: `id`, unless one of them was first. */
export async function beginBlobPlace(db: Db, id: string): Promise<string> {
  await db.pool.query('insert into blob_place (one, id) values (true, $1) on conflict (one) do nothing', [id]);
  return (await readBlobPlace(db))?.id ?? id;
}

export async function blobPlaceMarked(db: Db, id: string, now: number): Promise<void> {
  await db.pool.query('update blob_place set marked_at = $2 where id = $1 and marked_at is null', [id, now]);
}

/** From now on the place with this id is the database's, whatever was before. */
export async function takeBlobPlace(db: Db, id: string, now: number): Promise<void> {
  await db.pool.query(
    `insert into blob_place (one, id, marked_at) values (true, $1, $2)
     on conflict (one) do update set id = $1, marked_at = $2, collected_at = null`,
    [id, now],
  );
}

/** Some of the objects that the database knows, the newest and the oldest among them. */
export async function someKnownObjects(
  db: Db,
  some: number,
): Promise<{ readonly name: string; readonly size: number }[]> {
  const { rows } = await db.pool.query<{ name: string; size: number }>(
    `(select object_name as name, size from blobs order by stored_at desc limit $1)
     union (select object_name, size from blobs order by stored_at limit $1)
     union (select object_name, size from upload_parts limit $1)`,
    [some],
  );
  return rows;
}

/** When the collector last came to its end in any process; null: never. */
export async function lastCollected(db: Db): Promise<number | null> {
  const { rows } = await db.pool.query<{ at: number | null }>('select collected_at as at from blob_place where one');
  return rows[0]?.at ?? null;
}

export async function collectedNow(db: Db, now: number): Promise<void> {
  await db.pool.query('update blob_place set collected_at = $1 where one', [now]);
}
