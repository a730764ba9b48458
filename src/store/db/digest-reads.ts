import type { ClientBase } from 'pg';
import type { DirectoryEntity } from '../../domain/directory.ts';
import type { ChangedRow, RowDigest, Tally } from '../changes/change-reads.ts';
import { scopeCondition, scopeParams, type TicketScope, windowCondition } from '../scope/ticket-scope.ts';
import { directoryTables } from './directory-rows.ts';

type Queryable = Pick<ClientBase, 'query'>;

const hex = (bits: string) => `lpad(to_hex(${bits}), 16, '0')`;
/** Last byte of a ticket's id. */
const BUCKET = 'get_byte(uuid_send(t.id), 15)';
const visible = (scope: TicketScope) => `${scopeCondition(scope, 't', 2)} and ${windowCondition('t', 2)}`;

/** Tallies of the visible tickets by bucket, from the digest that every write keeps beside its ticket. */
export async function ticketTallies(db: Queryable, deskId: string, scope: TicketScope) {
  const { rows } = await db.query<{ b: number } & Tally>(
    `select ${BUCKET} as b, count(*)::int as n, ${hex('bit_xor(t.digest)')} as x
     from tickets t where t.desk_id = $1 and ${visible(scope)} group by 1 order by 1`,
    [deskId, ...scopeParams(scope)],
  );
  return rows;
}

export async function ticketDigests(db: Queryable, deskId: string, buckets: readonly number[], scope: TicketScope) {
  if (buckets.length === 0) return [];
  const { rows } = await db.query<RowDigest>(
    `select t.id, ${hex('t.digest')} as x from tickets t
     where t.desk_id = $1 and ${visible(scope)} and ${BUCKET} = any($7::int[]) order by t.id`,
    [deskId, ...scopeParams(scope), buckets],
  );
  return rows;
}

const entities = Object.entries(directoryTables) as [DirectoryEntity, string][];
const TALLY_DIRECTORY = entities
  .map(
    ([entity, table]) =>
      `select '${entity}' as e, count(*)::int as n, ${hex('coalesce(bit_xor(row_digest(doc)), 0)')} as x from ${table} where desk_id = $1`,
  )
  .join(' union all ');

/** The directory is small and seldom changes: its digests are counted when asked for. */
export async function directoryTallies(db: Queryable, deskId: string) {
  const { rows } = await db.query<{ e: DirectoryEntity } & Tally>(TALLY_DIRECTORY, [deskId]);
  return rows;
}

export async function directoryDigests(db: Queryable, deskId: string, entity: DirectoryEntity) {
  const { rows } = await db.query<RowDigest>(
    `select id, ${hex('row_digest(doc)')} as x from ${directoryTables[entity]} where desk_id = $1 order by id`,
    [deskId],
  );
  return rows;
}

/** Rows that the log names after a place; null when it has more than `limit` places there. */
export async function changedSince(db: Queryable, deskId: string, seq: number, limit: number) {
  const { rows } = await db.query<ChangedRow>(
    'select entity, entity_id as id from change_log where desk_id = $1 and seq > $2 order by seq limit $3',
    [deskId, seq, limit + 1],
  );
  return rows.length > limit ? null : rows;
}
