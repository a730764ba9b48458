import { awaitsAcceptance, ticketSchema } from '../../domain/ticket.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import type { Arrival } from '../../protocol/console/rows.ts';
import { readStored } from '../stored-row.ts';
import { isIndexed, type QueryContext, refOf } from './context.ts';
import { viewFilter } from './queue-filter.ts';

const MOST = 50;

/**
 * What somebody else's act gave this person since the first fill. The event is found by the version that the ticket's
 * `lastChange` names, so an own act over it (taken, accepted) is no arrival, and what was seen already still is one.
 */
export function queueArrivals(context: QueryContext): ConsoleResult<'queue.arrivals'> {
  const { personId } = context.actor;
  if (!isIndexed(context)) return { personId, arrivals: [] };
  const me = refOf(context, personId);
  const found = (['toAccept', 'mine'] as const).flatMap((view) => {
    const { where, binds } = viewFilter(context, view);
    const rows = context.statement<{ doc: string; seq: number; recordedAt: number }>(
      `select d.doc, e.seq, e.recorded_at as recordedAt from tickets t join ticket_docs d on d.ref = t.ref
        join entries e on e.ticket = t.ref and e.seq = d.doc ->> '$.lastChange.assigneeId.version'
        where ${where} and t.open = 1 and e.actor <> ? and e.recorded_at > (select seen_baseline from outbox.state)
        order by e.recorded_at desc limit ${MOST}`,
    );
    return rows.all(...binds, me).flatMap((row) => arrivalOf(view, row));
  });
  // An escalation to a person by name stands in both views: the one that asks for an answer speaks.
  const byTicket = new Map<string, Arrival>();
  for (const { awaits, ...arrival } of found) {
    if ((arrival.kind === 'escalated') === awaits && !byTicket.has(arrival.ticketId))
      byTicket.set(arrival.ticketId, arrival);
  }
  const arrivals = [...byTicket.values()].sort((a, b) => b.recordedAt - a.recordedAt).slice(0, MOST);
  return { personId, arrivals };
}

function arrivalOf(view: 'toAccept' | 'mine', row: { doc: string; seq: number; recordedAt: number }) {
  const ticket = readStored(ticketSchema, row.doc);
  if (ticket === null) return [];
  const arrival = {
    kind: view === 'mine' ? ('assigned' as const) : ('escalated' as const),
    awaits: awaitsAcceptance(ticket),
    ticketId: ticket.id,
    seq: row.seq,
    recordedAt: row.recordedAt,
    code: ticket.number ?? ticket.provisionalCode,
    subject: ticket.subject,
  };
  return [arrival];
}
