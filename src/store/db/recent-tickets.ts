import type { ClientBase } from 'pg';
import { RECENT_ROWS, type RecentTicket } from '../changes/change-reads.ts';
import { SCOPE_PARAM_COUNT, scopeCondition, scopeParams, type TicketScope } from '../scope/ticket-scope.ts';
import { named } from './named.ts';

interface Row extends Omit<RecentTicket, 'entries'> {
  /** Null: the row is the ticket itself. */
  readonly entry: string | null;
}

/**
 * The tickets behind a cursor with what is new of them, in one statement: the pull of a console that nearly stands at the head asks it together
 * with the log, and needs nothing more. The count of rows stands in the text, so that the plan for any value is one by keys.
 */
export async function recentTickets(
  db: Pick<ClientBase, 'query'>,
  deskId: string,
  seq: number,
  scope: Pick<TicketScope, 'grant' | 'now'>,
): Promise<RecentTicket[]> {
  const whole = { ...scope, closedWindowDays: null };
  const { rows } = await db.query<Row>(
    named(
      `with met as (
         select distinct on (l.entity_id) l.entity_id as id, l.previous_version as after
         from (select seq, entity, entity_id, previous_version from change_log
               where desk_id = $1 and seq > $2 order by seq limit ${RECENT_ROWS}) l
         where l.entity = 'ticket' order by l.entity_id, l.seq),
       now as materialized (
         select t.id, m.after, t.doc, ${scopeCondition(whole, 't', 3)} as in_scope, t.closed_recorded_at
         from met m join tickets t on t.desk_id = $1 and t.id = m.id)
       select n.id, n.after, n.doc, n.in_scope as "inScope", n.closed_recorded_at as "closedRecordedAt", null as entry, 0 as at
       from now n
       union all
       select n.id, n.after, '', true, null, e.doc, e.seq
       from now n join entries e on e.desk_id = $1 and e.ticket_id = n.id and e.seq > n.after
       where n.in_scope
       order by id, at`,
      // The window is not asked here: it is the last of the parameters.
      [deskId, seq, ...scopeParams(whole).slice(0, SCOPE_PARAM_COUNT - 1)],
    ),
  );
  const tickets: (RecentTicket & { readonly entries: string[] })[] = [];
  for (const { entry, ...row } of rows) {
    if (entry === null) tickets.push({ ...row, entries: [] });
    else tickets.at(-1)?.entries.push(entry);
  }
  return tickets;
}
