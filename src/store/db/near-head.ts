import type { ClientBase } from 'pg';
import {
  LOG_START,
  type LogRow,
  type NearHead,
  type NearHeadAsked,
  RECENT_ROWS,
  type RecentTicket,
} from '../changes/change-reads.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { SCOPE_PARAM_COUNT, scopeCondition, scopeParams } from '../scope/ticket-scope.ts';
import { loggedKeysOf } from './logged-keys.ts';
import { named } from './named.ts';

/** One row of any kind: texts `a` to `d`, numbers `n` to `p`; what they are is said where they are selected. */
interface Row {
  readonly kind: 'desk' | 'place' | 'log' | 'ticket' | 'entry';
  readonly id: string;
  readonly seq: number;
  readonly a: string;
  readonly b: string;
  readonly c: string | null;
  readonly d: string;
  readonly n: number | null;
  readonly o: number;
  readonly p: number;
  readonly f: boolean;
}

/** Counts of rows stand in the text, so that the plan for any value is one by keys. */
const statement = (scoped: string): string => `
  with log as materialized (
    select l.seq, l.txid, l.entity, l.entity_id, l.previous_version, l.before, l.hash,
      (select max(m.seq) from change_log m where m.desk_id = $1 and m.entity_id = l.entity_id) as last_seq
    from change_log l where l.desk_id = $1 and l.seq > $2 order by l.seq limit ${RECENT_ROWS + 1}),
  met as (
    select distinct on (l.entity_id) l.entity_id as id, l.previous_version as after
    from (select * from log order by seq limit ${RECENT_ROWS}) l where l.entity = 'ticket' order by l.entity_id, l.seq),
  held as materialized (
    select t.id, m.after, t.doc, ${scoped} as in_scope, t.closed_recorded_at
    from met m join tickets t on t.desk_id = $1 and t.id = m.id)
  select 'desk' as kind, id, 0::bigint as seq, name as a, epoch::text as b, seal_key as c, settings as d,
    restored_at as n, 0::bigint as o, 0::bigint as p, false as f from desks where id = $1
  union all select 'place', desk_id, seq, hash, '', '', '', 0, 0, 0, false from change_log where desk_id = $1 and seq in ($2, $3)
  union all select 'log', entity_id, seq, entity, hash, before, '', txid, previous_version, last_seq, false from log
  union all select 'ticket', id, after, doc, '', '', '', closed_recorded_at, 0, 0, in_scope from held
  union all select 'entry', h.id, e.seq, e.doc, '', '', '', 0, 0, 0, true
    from held h join entries e on e.desk_id = $1 and e.ticket_id = h.id and e.seq > h.after where h.in_scope
  order by seq`;

/** One statement sees one state of the database: no transaction stands around it. */
export async function nearHead(
  db: Pick<ClientBase, 'query'>,
  deskId: string,
  { cursor, mark, scope }: NearHeadAsked,
): Promise<NearHead> {
  const whole = { ...scope, closedWindowDays: null };
  // The window is judged by the settings that come with the rows: it is the last of the parameters.
  const params = [deskId, cursor, mark, ...scopeParams(whole).slice(0, SCOPE_PARAM_COUNT - 1)];
  const { rows } = await db.query<Row>(named(statement(scopeCondition(whole, 't', 4)), params));
  const keys = loggedKeysOf();
  const hashes = new Map<number, string>([[0, LOG_START]]);
  const tickets = new Map<string, RecentTicket & { readonly entries: string[] }>();
  const log: LogRow[] = [];
  const entries: Row[] = [];
  let desk: NearHead['desk'] | null = null;
  for (const row of rows) {
    const { kind, id, seq, a, b, c, d, n, o, p, f } = row;
    if (kind === 'desk') desk = { name: a, epoch: b, sealKey: c ?? '', settings: parseDeskSettings(d), restoredAt: n };
    else if (kind === 'place') hashes.set(seq, a);
    else if (kind === 'log')
      log.push({ seq, id, entity: a, hash: b, before: keys(c), txid: n ?? 0, previousVersion: o, lastSeq: p });
    else if (kind === 'ticket')
      tickets.set(id, { id, after: seq, doc: a, inScope: f, closedRecordedAt: n, entries: [] });
    else entries.push(row);
  }
  for (const { id, a } of entries) tickets.get(id)?.entries.push(a);
  if (desk === null) throw new Error(`there is no desk ${deskId}`);
  return {
    desk,
    cursorHash: hashes.get(cursor) ?? null,
    hashAtMark: mark === null ? null : (hashes.get(mark) ?? null),
    log,
    tickets: [...tickets.values()],
  };
}
