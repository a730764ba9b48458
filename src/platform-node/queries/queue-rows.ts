import type { z } from 'zod';
import { awaitsAcceptance, ticketSchema } from '../../domain/ticket.ts';
import type { QueueRow } from '../../protocol/console/rows.ts';
import { toSendCondition } from '../outbox-row.ts';
import { readStored } from '../stored-row.ts';
import { isIndexed, type QueryContext, refOf } from './context.ts';
import { unreadTickets } from './queue-filter.ts';

/** What a line shows of a ticket's document: reading all of it costs three times as much. */
const lineSchema = ticketSchema.pick({
  id: true,
  number: true,
  provisionalCode: true,
  subject: true,
  kind: true,
  requester: true,
  orgUnitId: true,
  siteId: true,
  priority: true,
  status: true,
  pendingReason: true,
  tier: true,
  teamId: true,
  assigneeId: true,
  handovers: true,
  clocks: true,
  updatedAt: true,
  attachments: true,
});
type Line = z.infer<typeof lineSchema>;

/** Lines of the queue for these tickets, in this order. Names of rows that are not held stay empty. */
export function queueRows(context: QueryContext, refs: readonly number[]): QueueRow[] {
  const docOf = context.statement<{ doc: string }>('select doc from ticket_docs where ref = ?');
  const unread = unreadRefs(context);
  const pending = actsByTicket(context, toSendCondition);
  const refused = actsByTicket(context, `state = 'refused' and dismissed_at is null`);
  const nameOf = names(context);
  return refs.flatMap((ref) => {
    const stored = docOf.get(ref);
    const line = stored === undefined ? null : readStored(lineSchema, stored.doc);
    if (line === null) return [];
    const acts = { pending: pending.get(line.id) ?? 0, refused: refused.get(line.id) ?? 0 };
    return [queueRow(line, nameOf, { unread: unread.has(ref), ...acts })];
  });
}

/** Name of a directory row, null when it is not held; each is looked up once for as long as nothing changes. */
function names({ statement, memo }: QueryContext): (id: string | null) => string | null {
  const known = memo.of('names', () => new Map<string, string | null>());
  const name = statement<{ name: string }>('select d.name from ids i join directory d on d.ref = i.ref where i.id = ?');
  return (id) => {
    if (id === null) return null;
    let found = known.get(id);
    if (found === undefined) {
      found = name.get(id)?.name ?? null;
      known.set(id, found);
    }
    return found;
  };
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

function queueRow(line: Line, nameOf: (id: string | null) => string | null, marks: Marks): QueueRow {
  const unlisted = 'unlisted' in line.requester ? line.requester.unlisted : null;
  const requester = 'personId' in line.requester ? nameOf(line.requester.personId) : null;
  return {
    id: line.id,
    number: line.number,
    provisionalCode: line.provisionalCode,
    subject: line.subject,
    kind: line.kind,
    requesterName: unlisted?.name ?? requester ?? '',
    orgUnitName: nameOf(line.orgUnitId) ?? unlisted?.unit ?? null,
    siteId: line.siteId,
    siteName: nameOf(line.siteId) ?? '',
    priority: line.priority,
    status: line.status,
    pendingReason: line.pendingReason,
    tier: line.tier,
    teamId: line.teamId,
    teamName: nameOf(line.teamId) ?? '',
    assigneeId: line.assigneeId,
    assigneeName: nameOf(line.assigneeId),
    awaitsAcceptance: awaitsAcceptance(line),
    registeredAt: line.clocks.registeredAt,
    updatedAt: line.updatedAt,
    unread: marks.unread,
    pendingActs: marks.pending,
    refusedActs: marks.refused,
    attachments: line.attachments?.count ?? 0,
  };
}
