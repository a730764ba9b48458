import pg from 'pg';
import type { Database } from '../db/pool.ts';

/** PostgreSQL keeps the file of these functions from whom it has not granted them. */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * System identifier and timeline of the server: the first is another after a restore into a new cluster, the second after a
 * recovery to a point in time and after the promotion of a standby. The timeline is that of the log being written: the one in the
 * control file follows only with the next checkpoint. Null where the account may not read them.
 */
export async function clusterOf(db: { readonly pool: Pick<pg.ClientBase, 'query'> }): Promise<string | null> {
  try {
    const { rows } = await db.pool.query<{ cluster: string }>(
      `select s.system_identifier || '/' || case when pg_is_in_recovery() then c.timeline_id
         else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as cluster
       from pg_control_system() s, pg_control_checkpoint() c`,
    );
    return rows[0]?.cluster ?? null;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE) return null;
    throw error;
  }
}

/**
 * Opens a new epoch for every desk that was last served from another cluster or timeline (SY14), and remembers this one. Each desk
 * is one statement that looks again under its row lock: of several processes at once, one opens. Returns the desks opened.
 */
export async function checkCluster(
  db: Pick<Database, 'pool'>,
  deps: { readonly now: () => number; readonly newId: () => string },
): Promise<readonly string[]> {
  const cluster = await clusterOf(db);
  if (cluster === null) return [];
  await db.pool.query('update desks set cluster = $1 where cluster is null', [cluster]);
  const moved = await db.pool.query<{ id: string }>('select id from desks where cluster <> $1', [cluster]);
  const opened: string[] = [];
  for (const { id } of moved.rows) {
    const { rowCount } = await db.pool.query(
      'update desks set epoch = $3, restored_at = $4, cluster = $2 where id = $1 and cluster <> $2',
      [id, cluster, deps.newId(), deps.now()],
    );
    if (rowCount === 1) opened.push(id);
  }
  return opened;
}
