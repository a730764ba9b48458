import { allowedActs } from '../../domain/allowed-acts.ts';
import { directorySchemas } from '../../domain/directory.ts';
import { type TimelineEntry, timelineEntrySchema } from '../../domain/events.ts';
import type { ShownEntry, TicketView } from '../../protocol/console/rows.ts';
import { parseJson, toSendCondition } from '../outbox-row.ts';
import { readEntry, readTicket } from '../store-client/compiled-rows.ts';
import { readAllStored } from '../stored-row.ts';
import { directoryRow, namesOf, type QueryContext, refOf } from './context.ts';
import { commandStates, doubtOf, outboxItems } from './outbox-items.ts';
import { relativesOf } from './relatives.ts';

/** A ticket as shown, with its timeline: base entries in store order, then those of pending acts. Null: not held. */
export function ticketGet(context: QueryContext, ticketId: string): TicketView | null {
  const ref = refOf(context, ticketId);
  const row = context.statement<{ doc: string }>('select doc from ticket_docs where ref = ?').get(ref);
  if (row === undefined) return null;
  const ticket = readTicket(parseJson(row.doc));
  if (ticket === null) return null;
  const base = baseEntries(context, ref);
  const entries = [
    ...base.map((entry) => ({ ...entry, pending: null })),
    ...pendingEntries(context, ref, ticketId, base),
  ];
  const requesterId = 'personId' in ticket.requester ? ticket.requester.personId : null;
  const mentioned = context.rules.namesMentioned(ticket, entries);
  const refused = outboxItems(context, `ticket_id = ? and state = 'refused' and dismissed_at is null`, ticketId);
  const seen = context
    .statement<{ version: number }>('select version from outbox.seen where ticket_id = ?')
    .get(ticketId);
  const pending = context.statement<{ pending: number }>(
    `select count(*) as pending from outbox.commands where ticket_id = ? and ${toSendCondition}`,
  );
  return {
    ticket,
    entries,
    names: namesOf(
      context,
      Object.values(mentioned).flatMap((ids) => [...ids]),
    ),
    asset: ticket.assetId === null ? null : directoryRow(context, directorySchemas.asset, ticket.assetId),
    requester: requesterId === null ? null : directoryRow(context, directorySchemas.person, requesterId),
    seenVersion: seen?.version ?? seenByBaseline(context, base),
    pendingActs: pending.get(ticketId)?.pending ?? 0,
    refused,
    relatives: relativesOf(context, ref, ticket),
    allowed: allowedActs(ticket, context.actor, null),
  };
}

export function baseEntries({ statement }: QueryContext, ref: number): TimelineEntry[] {
  return statement<{ doc: string }>('select doc from entries where ticket = ? order by seq')
    .all(ref)
    .flatMap(({ doc }) => readEntry(parseJson(doc)) ?? []);
}

function pendingEntries(
  context: QueryContext,
  ref: number,
  ticketId: string,
  base: readonly TimelineEntry[],
): ShownEntry[] {
  const rows = context
    .statement<{ doc: string }>('select doc from overlay_entries where ref = ? order by pos')
    .all(ref);
  if (rows.length === 0) return [];
  const held = new Set(base.map(({ id }) => id));
  const states = commandStates(context, ticketId);
  return readAllStored(timelineEntrySchema, rows)
    .filter(({ id }) => !held.has(id))
    .map((entry) => {
      const doubted = doubtOf(context, entry.commandId) !== null;
      return { ...entry, pending: context.rules.pendingMark(states.get(entry.commandId) ?? null, doubted) };
    });
}

/** A ticket never opened here: what the store had recorded when everything was last marked as seen. */
function seenByBaseline({ statement }: QueryContext, base: readonly TimelineEntry[]): number {
  const row = statement<{ baseline: number | null }>('select seen_baseline as baseline from outbox.state').get();
  const baseline = row?.baseline ?? null;
  if (baseline === null) return base.at(-1)?.seq ?? 0;
  return base.findLast((entry) => (entry.recordedAt ?? 0) <= baseline)?.seq ?? 0;
}
