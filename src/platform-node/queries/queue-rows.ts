import { awaitsAcceptance, type Ticket, ticketSchema } from '../../domain/ticket.ts';
import type { QueueRow } from '../../protocol/console/rows.ts';
import { type QueryContext, refOf } from './context.ts';

interface Shown {
  readonly id: string;
  readonly doc: string;
  readonly requester: string | null;
  readonly site: string | null;
  readonly team: string | null;
  readonly assignee: string | null;
}
interface Marks {
  readonly pending: number;
  readonly refused: number;
  readonly unread: number;
}

const shownSql = `select i.id, d.doc, p.name as requester, s.name as site, m.name as team, a.name as assignee
  from tickets t join ids i on i.ref = t.ref join ticket_docs d on d.ref = t.ref
    left join directory p on p.ref = t.requester left join directory s on s.ref = t.site
    left join directory m on m.ref = t.team left join directory a on a.ref = t.assignee
  where t.ref = ?`;
const marksSql = `select
  (select count(*) from outbox.commands c where c.ticket_id = @id and c.state in ('waiting', 'sending', 'held')) as pending,
  (select count(*) from outbox.commands c where c.ticket_id = @id and c.state = 'refused' and c.dismissed_at is null) as refused,
  exists (select 1 from entries e where e.ticket = @ref and e.actor <> @me
    and e.recorded_at > (select seen_baseline from outbox.state)
    and e.seq > coalesce((select s.version from outbox.seen s where s.ticket_id = @id), 0)) as unread`;

/** Lines of the queue for these tickets, in this order. Names of rows that are not held stay empty. */
export function queueRows(context: QueryContext, refs: readonly number[]): QueueRow[] {
  const shown = context.statement<Shown>(shownSql);
  const marks = context.statement<Marks>(marksSql);
  const unit = context.statement<{ name: string }>(
    'select d.name from ids i join directory d on d.ref = i.ref where i.id = ?',
  );
  const me = refOf(context, context.actor.personId);
  const indexed = context.statement<{ indexed: number }>('select indexed from meta').get()?.indexed === 1;
  return refs.flatMap((ref) => {
    const row = shown.get(ref);
    if (row === undefined) return [];
    const ticket = ticketSchema.parse(JSON.parse(row.doc));
    const orgUnitName = ticket.orgUnitId === null ? null : (unit.get(ticket.orgUnitId)?.name ?? null);
    // While a first fill loads there is no key to find entries by, and nothing counts as unread before it ends.
    const mark = marks.get({ id: row.id, ref: indexed ? ref : -1, me });
    return [queueRow(ticket, row, orgUnitName, mark)];
  });
}

function queueRow(ticket: Ticket, row: Shown, orgUnitName: string | null, mark: Marks | undefined): QueueRow {
  const unlisted = 'unlisted' in ticket.requester ? ticket.requester.unlisted : null;
  return {
    id: ticket.id,
    number: ticket.number,
    provisionalCode: ticket.provisionalCode,
    subject: ticket.subject,
    kind: ticket.kind,
    requesterName: unlisted?.name ?? row.requester ?? '',
    orgUnitName: orgUnitName ?? unlisted?.unit ?? null,
    siteId: ticket.siteId,
    siteName: row.site ?? '',
    priority: ticket.priority,
    status: ticket.status,
    pendingReason: ticket.pendingReason,
    tier: ticket.tier,
    teamId: ticket.teamId,
    teamName: row.team ?? '',
    assigneeId: ticket.assigneeId,
    assigneeName: row.assignee,
    awaitsAcceptance: awaitsAcceptance(ticket),
    registeredAt: ticket.clocks.registeredAt,
    updatedAt: ticket.updatedAt,
    unread: mark?.unread === 1,
    pendingActs: mark?.pending ?? 0,
    refusedActs: mark?.refused ?? 0,
  };
}
