import { timelineEntrySchema } from '../../domain/events.ts';
import { ticketSchema } from '../../domain/ticket.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { readAllStored, readStored } from '../stored-row.ts';
import { isIndexed, namesOf, type QueryContext, refOf } from './context.ts';
import { unreadTickets } from './queue-filter.ts';
import { queueRows } from './queue-rows.ts';

const MAX_ROWS = 200;
const MAX_CHANGES = 50;

/** What others changed and the person has not seen: the latest first, each with its unseen entries. */
export function awayGet(context: QueryContext): ConsoleResult<'away.get'> {
  const { statement } = context;
  const since = statement<{ at: number | null }>('select seen_baseline as at from outbox.state').get()?.at ?? null;
  if (!isIndexed(context)) return { since, rows: [] };
  const me = refOf(context, context.actor.personId);
  const refs = statement<{ ref: number }>(
    `select t.ref from tickets t where t.ref in (${unreadTickets}) order by +t.updated_at desc, t.ref desc limit ${MAX_ROWS}`,
  ).all(me);
  const changes = statement<{ doc: string }>(
    `select e.doc from entries e join ids i on i.ref = e.ticket where e.ticket = ? and e.actor <> ?
      and e.recorded_at > (select seen_baseline from outbox.state)
      and e.seq > coalesce((select s.version from outbox.seen s where s.ticket_id = i.id), 0)
      order by e.seq desc limit ${MAX_CHANGES}`,
  );
  const ticketDoc = statement<{ doc: string }>('select doc from ticket_docs where ref = ?');
  const rows = refs.flatMap(({ ref }) => {
    const row = queueRows(context, [ref])[0];
    const doc = ticketDoc.get(ref)?.doc;
    if (row === undefined || doc === undefined) return [];
    const ticket = readStored(ticketSchema, doc);
    if (ticket === null) return [];
    const entries = readAllStored(timelineEntrySchema, changes.all(ref, me)).reverse();
    const mentioned = context.rules.namesMentioned(ticket, entries);
    return [
      {
        ...row,
        changes: entries,
        names: namesOf(
          context,
          Object.values(mentioned).flatMap((ids) => [...ids]),
        ),
      },
    ];
  });
  return { since, rows };
}
