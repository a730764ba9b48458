import { awaitsAcceptance, type Ticket } from '../../../src/domain/ticket.ts';
import { isOpen } from '../../../src/domain/vocabulary.ts';
import {
  type OutboxItem,
  type QueueQuery,
  type QueueRow,
  type QueueView,
  queueViews,
} from '../../../src/protocol/console/rows.ts';
import { type Held, held } from './desk.ts';
import { names } from './directory.ts';

const nameOf = (id: string | null): string | null => (id === null ? null : (names[id] ?? null));

export function rowOf({ ticket, entries, seen }: Held, outbox: readonly OutboxItem[]): QueueRow {
  return {
    id: ticket.id,
    number: ticket.number,
    provisionalCode: ticket.provisionalCode,
    subject: ticket.subject,
    kind: ticket.kind,
    requesterName:
      'personId' in ticket.requester ? (nameOf(ticket.requester.personId) ?? '') : ticket.requester.unlisted.name,
    orgUnitName: nameOf(ticket.orgUnitId),
    siteId: ticket.siteId,
    siteName: nameOf(ticket.siteId) ?? '',
    priority: ticket.priority,
    status: ticket.status,
    pendingReason: ticket.pendingReason,
    tier: ticket.tier,
    teamId: ticket.teamId,
    teamName: nameOf(ticket.teamId) ?? '',
    assigneeId: ticket.assigneeId,
    assigneeName: nameOf(ticket.assigneeId),
    awaitsAcceptance: awaitsAcceptance(ticket),
    registeredAt: ticket.clocks.registeredAt,
    updatedAt: ticket.updatedAt,
    unread: ticket.version > seen,
    pendingActs: entries.filter((entry) => entry.pending !== null).length,
    refusedActs: outbox.filter((item) => item.ticketId === ticket.id && item.state === 'refused').length,
    attachments: ticket.attachments?.count ?? 0,
  };
}

const rank = { critical: 3, high: 2, medium: 1, low: 0 } as const;
const keyOf = (row: QueueRow, by: QueueQuery['sort']['by']): string | number => {
  switch (by) {
    case 'priority':
      return rank[row.priority.level];
    case 'registered':
      return row.registeredAt;
    case 'updated':
      return row.updatedAt;
    case 'number':
      return row.number ?? row.provisionalCode;
    case 'requester':
      return row.requesterName;
    case 'assignee':
      return row.assigneeName ?? '';
    case 'site':
      return row.siteName;
    case 'tier':
      return row.tier;
    case 'status':
      return row.status;
    case 'subject':
      return row.subject;
  }
};

function inView(
  ticket: Ticket,
  row: QueueRow,
  view: QueueQuery['view'],
  personId: string,
  teamIds: readonly string[],
): boolean {
  switch (view) {
    case 'mine':
      return ticket.assigneeId === personId;
    case 'team':
      return teamIds.includes(ticket.teamId) || ticket.assigneeId === personId;
    case 'unassigned':
      return ticket.assigneeId === null;
    case 'toAccept':
      return row.awaitsAcceptance;
    case 'tier1':
    case 'tier2':
    case 'tier3':
      return ticket.tier === Number(view.at(-1));
    case 'all':
      return true;
    case 'senior':
      return ticket.priority.reasons.some((reason) => reason.kind === 'seniorManagement');
    case 'citizen':
      return ticket.priority.reasons.some((reason) => reason.kind === 'citizenService');
    case 'changed':
      return row.unread;
  }
}

export function queueWindow(
  query: QueueQuery,
  personId: string,
  teamIds: readonly string[],
  outbox: readonly OutboxItem[],
) {
  const text = query.text.toLowerCase();
  const rows = [...held.values()]
    .filter((each) => each.onlyAtDesk !== true)
    .map((each) => ({ ticket: each.ticket, row: rowOf(each, outbox) }))
    .filter(({ ticket, row }) => inView(ticket, row, query.view, personId, teamIds))
    .filter(
      ({ ticket }) =>
        query.status === 'any' || (query.status === 'open' ? isOpen(ticket.status) : ticket.status === query.status),
    )
    .filter(({ ticket }) => query.siteId === null || ticket.siteId === query.siteId)
    .filter(({ ticket }) => query.tier === null || ticket.tier === query.tier)
    .filter(({ ticket }) => query.kind === null || ticket.kind === query.kind)
    .filter(({ ticket }) => query.assigneeId === null || ticket.assigneeId === query.assigneeId)
    .map(({ row }) => row)
    .filter((row) =>
      `${row.number} ${row.provisionalCode} ${row.subject} ${row.requesterName}`.toLowerCase().includes(text),
    );
  const sign = query.sort.dir === 'asc' ? 1 : -1;
  rows.sort((a, b) => {
    const [x, y] = [keyOf(a, query.sort.by), keyOf(b, query.sort.by)];
    return x < y ? -sign : x > y ? sign : a.registeredAt - b.registeredAt;
  });
  return { rows: rows.slice(query.offset, query.offset + query.limit), total: rows.length, more: false, revision: 1 };
}

/** Open tickets of every view, and how many have changes that were not seen. */
export function queueCounts(personId: string, teamIds: readonly string[], outbox: readonly OutboxItem[]) {
  const open: Partial<Record<QueueView, number>> = {};
  let unread = 0;
  for (const each of held.values()) {
    if (!isOpen(each.ticket.status)) continue;
    const row = rowOf(each, outbox);
    if (row.unread) unread += 1;
    for (const view of queueViews) {
      if (inView(each.ticket, row, view, personId, teamIds)) open[view] = (open[view] ?? 0) + 1;
    }
  }
  return { open, unread };
}
