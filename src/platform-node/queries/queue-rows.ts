import { awaitsAcceptance, type Ticket, ticketSchema } from '../../domain/ticket.ts';
import type { QueueRow } from '../../protocol/console/rows.ts';
import { toSendCondition } from '../outbox-row.ts';
import { readStored } from '../stored-row.ts';
import { isIndexed, type QueryContext, refOf } from './context.ts';
import { unreadTickets } from './queue-filter.ts';

interface Shown {
  readonly id: string;
  readonly doc: string;
  readonly requester: string | null;
  readonly site: string | null;
  readonly team: string | null;
  readonly assignee: string | null;
}
const shownSql = `select i.id, d.doc, p.name as requester, s.name as site, m.name as team, a.name as assignee
  from tickets t join ids i on i.ref = t.ref join ticket_docs d on d.ref = t.ref
    left join directory p on p.ref = t.requester left join directory s on s.ref = t.site
    left join directory m on m.ref = t.team left join directory a on a.ref = t.assignee
  where t.ref = ?`;

/** Lines of the queue for these tickets, in this order. Names of rows that are not held stay empty. */
export function queueRows(context: QueryContext, refs: readonly number[]): QueueRow[] {
  const shown = context.statement<Shown>(shownSql);
  const unit = context.statement<{ name: string }>(
    'select d.name from ids i join directory d on d.ref = i.ref where i.id = ?',
  );
  const unread = unreadRefs(context);
  const pending = actsByTicket(context, toSendCondition);
  const refused = actsByTicket(context, `state = 'refused' and dismissed_at is null`);
  return refs.flatMap((ref) => {
    const row = shown.get(ref);
    if (row === undefined) return [];
    const ticket = readStored(ticketSchema, row.doc);
    if (ticket === null) return [];
    const unitId = ticket.orgUnitId;
    const unitName = unitId === null ? null : context.memo.of(`name ${unitId}`, () => unit.get(unitId)?.name ?? null);
    const acts = { pending: pending.get(ticket.id) ?? 0, refused: refused.get(ticket.id) ?? 0 };
    return [queueRow(ticket, row, unitName, { unread: unread.has(ref), ...acts })];
  });
}

interface Marks {
  readonly unread: boolean;
  readonly pending: number;
  readonly refused: number;
}

/** While a first fill loads, nothing counts as unread. */
function unreadRefs(context: QueryContext): ReadonlySet<number> {
  if (!isIndexed(context)) return new Set();
  const me = refOf(context, context.actor.personId);
  return context.memo.of('unread', () => {
    const rows = context.statement<{ ticket: number }>(unreadTickets).all(me);
    return new Set(rows.map(({ ticket }) => ticket));
  });
}

function actsByTicket({ statement, memo }: QueryContext, where: string): ReadonlyMap<string, number> {
  return memo.of(`acts ${where}`, () => {
    const rows = statement<{ id: string; acts: number }>(
      `select ticket_id as id, count(*) as acts from outbox.commands where ${where} group by ticket_id`,
    ).all();
    return new Map(rows.map(({ id, acts }) => [id, acts]));
  });
}

function queueRow(ticket: Ticket, row: Shown, orgUnitName: string | null, marks: Marks): QueueRow {
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
    unread: marks.unread,
    pendingActs: marks.pending,
    refusedActs: marks.refused,
  };
}
