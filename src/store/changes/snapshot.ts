import type { ClientBase } from 'pg';
import type { SnapshotEntity } from '../../protocol/sync/messages.ts';
import { directoryTables } from '../db/directory-rows.ts';
import {
  SCOPE_PARAM_COUNT,
  scopeCondition,
  scopeParams,
  type TicketScope,
  windowCondition,
} from '../scope/ticket-scope.ts';
import { deskRow, logHead } from './desk-head.ts';

export interface SnapshotOptions {
  readonly deskId: string;
  readonly entity: SnapshotEntity;
  readonly after: string | null;
  readonly limit: number;
  readonly scope: TicketScope;
}
type Queryable = Pick<ClientBase, 'query'>;

/** Rows of one statement: its answer is one text of about 1 MB, built by PostgreSQL and passed on as it is. */
const CHUNK = 1_500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Chunk {
  readonly text: string | null;
  readonly rows: number;
  /** Key of the last row; null when there is none. */
  readonly last: string | null;
}

const aggregate = (entity: string, key: string, inner: string) => `
  select string_agg('{"t":"up","e":"${entity}","row":' || r.doc || '}', E'\\n') as text, count(*)::int as rows,
         max(${key} collate "C") as last
  from (${inner}) r`;

const visible = (scope: TicketScope) => `${scopeCondition(scope, 't', 4)} and ${windowCondition('t', 4)}`;

/** Key of an entry: its ticket and its place there, of fixed width so that texts compare as the index does. */
const entryKeySchema = /^([0-9a-f-]{36}):(\d{9})$/;
const idKeySchema = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** False for a key that this store never gave. */
export const isSnapshotKey = (entity: SnapshotEntity, key: string): boolean =>
  (entity === 'entry' ? entryKeySchema : idKeySchema).test(key);

async function entryChunk(
  db: Queryable,
  options: SnapshotOptions,
  after: string | null,
  limit: number,
): Promise<Chunk> {
  const [, ticketId = FIRST_ID, seq = '0'] = entryKeySchema.exec(after ?? '') ?? [];
  const inner = `
    select e.doc, e.ticket_id::text || ':' || lpad(e.seq::text, 9, '0') as key
    from entries e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id
    where e.desk_id = $1 and (e.ticket_id, e.seq) > ($2::uuid, $3::int) and ${visible(options.scope)}
    order by e.ticket_id, e.seq limit ${limit}`;
  const { rows } = await db.query<Chunk>(aggregate('entry', 'r.key', inner), [
    options.deskId,
    ticketId,
    Number(seq),
    ...scopeParams(options.scope),
  ]);
  return rows[0] ?? { text: null, rows: 0, last: null };
}

async function rowChunk(db: Queryable, options: SnapshotOptions, after: string | null, limit: number): Promise<Chunk> {
  const { entity } = options;
  const key = after ?? FIRST_ID;
  if (entity === 'ticket') {
    const inner = `select t.doc, t.id::text as key from tickets t
      where t.desk_id = $1 and t.id > $2::uuid and $3::boolean and ${visible(options.scope)} order by t.id limit ${limit}`;
    const params = [options.deskId, key, true, ...scopeParams(options.scope)];
    return (
      (await db.query<Chunk>(aggregate(entity, 'r.key', inner), params)).rows[0] ?? { text: null, rows: 0, last: null }
    );
  }
  if (entity === 'entry') return entryChunk(db, options, after, limit);
  const inner = `select d.doc, d.id::text as key from ${directoryTables[entity]} d
    where d.desk_id = $1 and d.id > $2::uuid order by d.id limit ${limit}`;
  const { rows } = await db.query<Chunk>(aggregate(entity, 'r.key', inner), [options.deskId, key]);
  return rows[0] ?? { text: null, rows: 0, last: null };
}

/** Rows of the whole fill, all entities: a ticket's version is the number of its entries. */
async function countAll(db: Queryable, { deskId, scope }: SnapshotOptions): Promise<number> {
  const params = scopeParams(scope);
  const directory = Object.values(directoryTables).map((table) => `(select count(*) from ${table} where desk_id = $1)`);
  const { rows } = await db.query<{ total: number }>(
    `select (${directory.join(' + ')} + coalesce(sum(t.version + 1), 0))::bigint as total
     from tickets t where t.desk_id = $1 and ${scopeCondition(scope, 't', 2)} and ${windowCondition('t', 2)}`,
    [deskId, ...params.slice(0, SCOPE_PARAM_COUNT)],
  );
  return rows[0]?.total ?? 0;
}

/**
 * NDJSON of one snapshot page, in pieces. The first page of an entity opens with a pin, read before any row: a pull from
 * there brings whatever changes between the pages, so pages need no common transaction.
 */
export async function* snapshotLines(db: Queryable, options: SnapshotOptions): AsyncGenerator<string> {
  if (options.after === null) {
    const [head, desk] = [await logHead(db, options.deskId), await deskRow(db, options.deskId)];
    const pin = { t: 'pin', epoch: desk.epoch, seq: head.seq, logHash: head.hash, total: await countAll(db, options) };
    yield `${JSON.stringify(pin)}\n`;
  }
  let after = options.after;
  let sent = 0;
  let complete = false;
  while (sent < options.limit && !complete) {
    const size = Math.min(CHUNK, options.limit - sent);
    const chunk = await rowChunk(db, options, after, size);
    if (chunk.text !== null) yield `${chunk.text}\n`;
    sent += chunk.rows;
    after = chunk.last ?? after;
    complete = chunk.rows < size;
  }
  yield `${JSON.stringify({ t: 'end', after: complete ? null : after, rows: sent })}\n`;
}
