import type { ClientBase } from 'pg';
import type { SnapshotEntity } from '../../protocol/sync/messages.ts';
import type { Page } from '../changes/change-reads.ts';
import {
  SCOPE_PARAM_COUNT,
  scopeCondition,
  scopeParams,
  type TicketScope,
  windowCondition,
} from '../scope/ticket-scope.ts';
import { directoryTables } from './directory-rows.ts';

type Queryable = Pick<ClientBase, 'query'>;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/**
 * Lines of one text: some 30 kB, so that neither a row costs a message of its own nor a text outgrows the buffers on its way,
 * which would be made anew for each (garbage was half of the store's time with texts of a megabyte).
 */
const LINES_A_TEXT = 32;

/** The answer is texts, built by PostgreSQL and passed on as they are. */
const aggregate = (entity: string, inner: string) => `
  select string_agg('{"t":"up","e":"${entity}","row":' || r.doc || '}', E'\\n' order by r.place) as text, count(*)::int as rows,
         max(r.key collate "C") as last
  from (select i.doc, i.key, row_number() over () as place from (${inner}) i) r group by (r.place - 1) / ${LINES_A_TEXT} order by min(r.place)`;
interface Text {
  readonly text: string;
  readonly rows: number;
  readonly last: string;
}

const visible = (scope: TicketScope) => `${scopeCondition(scope, 't', 4)} and ${windowCondition('t', 4)}`;

/** Rows of one entity by key. Entries are keyed by ticket and place, the place of fixed width so that texts compare as the index does. */
export async function snapshotPage(
  db: Queryable,
  deskId: string,
  entity: SnapshotEntity,
  after: string | null,
  limit: number,
  scope: TicketScope,
): Promise<Page> {
  const page = async (inner: string, params: unknown[]): Promise<Page> => {
    const { rows } = await db.query<Text>(aggregate(entity, inner), params);
    return {
      texts: rows.map(({ text }) => text),
      rows: rows.reduce((sum, text) => sum + text.rows, 0),
      last: rows.at(-1)?.last ?? null,
    };
  };
  if (entity === 'entry') {
    const [ticketId = FIRST_ID, seq = '0'] = (after ?? `${FIRST_ID}:0`).split(':');
    return page(
      `select e.doc, e.ticket_id::text || ':' || lpad(e.seq::text, 9, '0') as key
       from entries e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id
       where e.desk_id = $1 and (e.ticket_id, e.seq) > ($2::uuid, $3::int) and t.id >= $2::uuid and ${visible(scope)}
       order by e.ticket_id, e.seq limit ${limit}`,
      [deskId, ticketId, Number(seq), ...scopeParams(scope)],
    );
  }
  const key = after ?? FIRST_ID;
  if (entity === 'ticket') {
    return page(
      `select t.doc, t.id::text as key from tickets t
       where t.desk_id = $1 and t.id > $2::uuid and $3::boolean and ${visible(scope)} order by t.id limit ${limit}`,
      [deskId, key, true, ...scopeParams(scope)],
    );
  }
  return page(
    `select d.doc, d.id::text as key from ${directoryTables[entity]} d
     where d.desk_id = $1 and d.id > $2::uuid order by d.id limit ${limit}`,
    [deskId, key],
  );
}

/** Rows of the whole fill, all entities: a ticket's version is the number of its entries. */
export async function countAll(db: Queryable, deskId: string, scope: TicketScope): Promise<number> {
  const directory = Object.values(directoryTables).map((table) => `(select count(*) from ${table} where desk_id = $1)`);
  const { rows } = await db.query<{ total: number }>(
    `select (${directory.join(' + ')} + coalesce(sum(t.version + 1), 0))::bigint as total
     from tickets t where t.desk_id = $1 and ${scopeCondition(scope, 't', 2)} and ${windowCondition('t', 2)}`,
    [deskId, ...scopeParams(scope).slice(0, SCOPE_PARAM_COUNT)],
  );
  return rows[0]?.total ?? 0;
}
