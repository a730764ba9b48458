import type { ClientBase } from 'pg';
import { type DeskHead, type DeskRow, LOG_START, type LogPlace } from '../changes/change-reads.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { named } from './named.ts';

type Queryable = Pick<ClientBase, 'query'>;

/** Last place of a desk's log and its hash; 0 before the first change. */
export async function logHead(db: Queryable, deskId: string): Promise<LogPlace> {
  const { rows } = await db.query<LogPlace>(
    named('select seq, hash from change_log where desk_id = $1 order by seq desc limit 1', [deskId]),
  );
  return rows[0] ?? { seq: 0, hash: LOG_START };
}

/** Where the logs of these desks end; place 0 before the first change. */
export async function deskHeads(db: Queryable, deskIds: readonly string[]): Promise<DeskHead[]> {
  const { rows } = await db.query<DeskHead>(
    named(
      `select d.id as "deskId", d.epoch, coalesce(l.seq, 0) as head, coalesce(l.hash, $2) as hash
     from desks d left join lateral (select seq, hash from change_log where desk_id = d.id order by seq desc limit 1) l on true
     where d.id = any($1::uuid[])`,
      [deskIds, LOG_START],
    ),
  );
  return rows;
}

/** Hash of the log up to a place; null where this log has no such place: then the cursor is of another epoch. */
export async function logHashAt(db: Queryable, deskId: string, seq: number): Promise<string | null> {
  if (seq === 0) return LOG_START;
  const { rows } = await db.query<{ hash: string }>(
    named('select hash from change_log where desk_id = $1 and seq = $2', [deskId, seq]),
  );
  return rows[0]?.hash ?? null;
}

export async function deskRow(db: Queryable, deskId: string): Promise<DeskRow> {
  const { rows } = await db.query<Omit<DeskRow, 'settings'> & { settings: string }>(
    named('select name, epoch, restored_at as "restoredAt", seal_key as "sealKey", settings from desks where id = $1', [
      deskId,
    ]),
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`there is no desk ${deskId}`);
  return { ...row, settings: parseDeskSettings(row.settings) };
}
