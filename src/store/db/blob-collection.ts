import type { Database } from './pool.ts';
import { inTransaction } from './transaction.ts';

type Db = Pick<Database, 'pool'>;

/** Unfinished uploads that nothing came of since `before`. */
export async function staleUploads(
  db: Db,
  before: number,
): Promise<{ readonly deskId: string; readonly id: string }[]> {
  const { rows } = await db.pool.query<{ deskId: string; id: string }>(
    'select desk_id as "deskId", id from uploads where finished_at is null and touched_at < $1 order by touched_at',
    [before],
  );
  return rows;
}

export async function forgetFinished(db: Db, before: number): Promise<number> {
  const { rowCount } = await db.pool.query('delete from uploads where finished_at < $1', [before]);
  return rowCount ?? 0;
}

/** Takes the contents away that no stored command names; gives their objects, which are nobody's then. */
export function takeUnnamed(db: Db, before: number): Promise<{ readonly name: string; readonly size: number }[]> {
  return inTransaction(db, async (client) => {
    const { rows } = await client.query<{ deskId: string; sha256: string; name: string; size: number }>(
      `delete from blobs b where b.stored_at < $1 and not exists (
         select 1 from attachments a where a.desk_id = b.desk_id and a.sha256 = b.sha256)
       returning b.desk_id as "deskId", b.sha256, b.object_name as name, b.size`,
      [before],
    );
    await client.query(
      `delete from blob_holders h using unnest($1::uuid[], $2::text[]) as gone(desk_id, sha256)
       where h.desk_id = gone.desk_id and h.sha256 = gone.sha256`,
      [rows.map((row) => row.deskId), rows.map((row) => row.sha256)],
    );
    return rows;
  });
}

/** Those of the objects that a row names. */
export async function namedObjects(db: Db, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.pool.query<{ name: string }>(
    `select object_name as name from blobs where object_name = any($1::text[])
     union all select object_name from upload_parts where object_name = any($1::text[])`,
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Whether some desk was restored since: what no row names may then be of what the backup did not have. */
export async function restoredSince(db: Db, at: number): Promise<boolean> {
  const { rows } = await db.pool.query<{ yes: boolean }>(
    'select exists (select 1 from desks where restored_at >= $1) as yes',
    [at],
  );
  return rows[0]?.yes === true;
}

const COLLECTOR_LOCK = 781_243_005;

/** Runs `work` unless another process is at it: null then. */
export async function aloneInCollecting<T>(db: Db, work: () => Promise<T>): Promise<T | null> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1) as ours', [COLLECTOR_LOCK]);
    if (rows[0]?.ours !== true) return null;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [COLLECTOR_LOCK]).catch((error: Error) => {
        broken = error;
      });
    }
  } finally {
    client.release(broken);
  }
}

export interface DeskFiles {
  readonly deskId: string;
  readonly name: string;
  /** Attachments of timelines, and those of them whose file has not come. */
  readonly attachments: number;
  readonly waiting: number;
  readonly files: number;
  readonly bytes: number;
  /** Contents that no stored command names, or not yet. */
  readonly unnamed: number;
  readonly uploads: number;
  readonly uploadBytes: number;
}

/** What the database says of files, desk by desk. */
export async function deskFiles(db: Db): Promise<DeskFiles[]> {
  const { rows } = await db.pool.query<DeskFiles>(
    `select d.id as "deskId", d.name,
       (select count(*) from attachments a where a.desk_id = d.id and a.added) as attachments,
       (select count(*) from attachments a where a.desk_id = d.id and a.added and a.arrived_at is null) as waiting,
       (select count(*) from blobs b where b.desk_id = d.id) as files,
       (select coalesce(sum(b.size), 0)::bigint from blobs b where b.desk_id = d.id) as bytes,
       (select count(*) from blobs b where b.desk_id = d.id and not exists (
          select 1 from attachments a where a.desk_id = b.desk_id and a.sha256 = b.sha256)) as unnamed,
       (select count(*) from uploads u where u.desk_id = d.id and u.finished_at is null) as uploads,
       (select coalesce(sum(p.size), 0)::bigint from upload_parts p where p.desk_id = d.id) as "uploadBytes"
     from desks d order by d.created_at`,
  );
  return rows;
}

/** Pages of a desk's contents in the order of their hash. */
export async function* blobPages(db: Db, deskId: string) {
  for (let after = ''; ; ) {
    const { rows } = await db.pool.query<{ sha256: string; size: number; name: string }>(
      `select sha256, size, object_name as name from blobs where desk_id = $1 and sha256 > $2 order by sha256 limit 500`,
      [deskId, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.sha256;
  }
}
