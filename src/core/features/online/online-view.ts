import { allowedActs } from '../../../domain/allowed-acts.ts';
import type { DirectoryLookup } from '../../../domain/directory.ts';
import { awaitsAcceptance, isMerged, type Ticket } from '../../../domain/ticket.ts';
import type { OutboxItem, QueueRow, Relative, ShownEntry, TicketView } from '../../../protocol/console/rows.ts';
import type { FoldedTicket } from '../../online-shelf.ts';
import { isUnanswered, type OutboxCommand, sameVerdict } from '../../ports/outbox.ts';
import { type Mentioned, namesMentioned } from '../../queries/names-mentioned.ts';
import { itemState, pendingMark } from '../../queries/pending-mark.ts';
import { actorOf } from '../../sync/decide-context.ts';
import type { Desk } from '../../world.ts';

/** A line of the queue for a ticket that is not held: names from the directory here, nothing unread. */
export function onlineRow({ runtime }: Desk, ticket: Ticket): QueueRow {
  const { cache, outbox } = runtime.files;
  const directory = cache.directory();
  const unlisted = 'unlisted' in ticket.requester ? ticket.requester.unlisted : null;
  const requester = 'personId' in ticket.requester ? directory.person(ticket.requester.personId) : null;
  const acts = outbox.live(ticket.id, null);
  return {
    id: ticket.id,
    number: ticket.number,
    provisionalCode: ticket.provisionalCode,
    subject: ticket.subject,
    kind: ticket.kind,
    requesterName: unlisted?.name ?? requester?.name ?? '',
    orgUnitName: named(directory.orgUnit, ticket.orgUnitId) ?? unlisted?.unit ?? null,
    siteId: ticket.siteId,
    siteName: named(directory.site, ticket.siteId) ?? '',
    priority: ticket.priority,
    status: ticket.status,
    pendingReason: ticket.pendingReason,
    tier: ticket.tier,
    teamId: ticket.teamId,
    teamName: named(directory.team, ticket.teamId) ?? '',
    assigneeId: ticket.assigneeId,
    assigneeName: named(directory.person, ticket.assigneeId),
    awaitsAcceptance: awaitsAcceptance(ticket),
    registeredAt: ticket.clocks.registeredAt,
    updatedAt: ticket.updatedAt,
    unread: false,
    pendingActs: acts.filter(({ state }) => isUnanswered(state)).length,
    refusedActs: 0,
    attachments: ticket.attachments?.count ?? 0,
  };
}
const named = (find: (id: string) => { readonly name: string } | null, id: string | null): string | null =>
  id === null ? null : (find(id)?.name ?? null);

/** The whole ticket as its screen wants it: what the store has, then what waits here. */
export function onlineView({ runtime, session }: Desk, folded: FoldedTicket): TicketView {
  const { cache, outbox } = runtime.files;
  const { ticket, base, pending, commands } = folded;
  const directory = cache.directory();
  const doubts = new Map(folded.doubts.map(({ commandId, refusal }) => [commandId, refusal]));
  const states = new Map(commands.map(({ wire, state }) => [wire.id, state]));
  const entries: ShownEntry[] = [
    ...base.entries.map((entry) => ({ ...entry, pending: null })),
    ...pending.map((entry) => ({
      ...entry,
      pending: pendingMark(states.get(entry.commandId) ?? null, doubts.has(entry.commandId)),
    })),
  ];
  const refused = commands.filter(({ state, dismissedAt }) => state === 'refused' && dismissedAt === null);
  return {
    ticket,
    entries,
    names: namesIn(directory, namesMentioned(ticket, entries)),
    asset: ticket.assetId === null ? null : directory.asset(ticket.assetId),
    requester: 'personId' in ticket.requester ? directory.person(ticket.requester.personId) : null,
    // Nothing of it is news: the person went to look for it.
    seenVersion: outbox.seenVersion(ticket.id) ?? base.ticket.version,
    pendingActs: commands.filter(({ state }) => isUnanswered(state)).length,
    refused: refused.map((command) => itemOf(command, ticket)),
    relatives: relativesOf(ticket, cache.shown),
    allowed: allowedActs(ticket, actorOf(session), null),
  };
}

function namesIn(directory: DirectoryLookup, mentioned: Mentioned): Record<string, string> {
  const names: Record<string, string> = {};
  const take = (ids: ReadonlySet<string>, nameOf: (id: string) => string | undefined) => {
    for (const id of ids) {
      const name = nameOf(id);
      if (name !== undefined) names[id] = name;
    }
  };
  take(mentioned.person, (id) => directory.person(id)?.name);
  take(mentioned.team, (id) => directory.team(id)?.name);
  take(mentioned.site, (id) => directory.site(id)?.name);
  take(mentioned.orgUnit, (id) => directory.orgUnit(id)?.name);
  take(mentioned.service, (id) => directory.service(id)?.nameEs);
  take(mentioned.asset, (id) => directory.asset(id)?.tag);
  return names;
}

function itemOf({ wire, outcome, formerOutcome: former, ...command }: OutboxCommand, ticket: Ticket): OutboxItem {
  return {
    commandId: wire.id,
    ticketId: wire.ticketId,
    ticketCode: ticket.number ?? ticket.provisionalCode,
    ticketSubject: ticket.subject,
    type: wire.type,
    payload: jsonOf(wire.payload),
    createdAt: command.createdAt,
    state: command.replayFor === null ? itemState(command.state, false) : 'waiting',
    verdict: outcome?.verdict ?? null,
    settledAt: command.settledAt,
    formerVerdict: former !== null && outcome !== null && !sameVerdict(outcome, former) ? former.verdict : null,
    doubt: null,
  };
}
/** A payload was read from JSON, or is about to be written as such. */
const jsonOf = (payload: unknown): OutboxItem['payload'] => JSON.parse(JSON.stringify(payload ?? null));

const heldAs = (ticket: Ticket): NonNullable<Relative['held']> => ({
  code: ticket.number ?? ticket.provisionalCode,
  subject: ticket.subject,
  status: ticket.status,
  splitUndone: ticket.splitUndone === true,
});

/** What it points to. What points to it the store would have to be asked for. */
function relativesOf(ticket: Ticket, shown: (id: string) => Ticket | null): Relative[] {
  const to = (relation: Relative['relation'], id: string | null | undefined): Relative[] => {
    if (id === null || id === undefined) return [];
    const held = shown(id);
    return [{ relation, id, held: held === null ? null : heldAs(held) }];
  };
  return [
    ...to('mergedInto', isMerged(ticket) ? ticket.mergedInto : null),
    ...to('splitFrom', ticket.splitFrom),
    ...to('problem', ticket.problemId),
  ];
}
