import type { TimelineEntry } from '../domain/events.ts';
import { foldText } from '../domain/text.ts';
import { awaitsAcceptance, currentHandover, type Ticket } from '../domain/ticket.ts';
import {
  isOpen,
  type PriorityLevel,
  type Status,
  statuses,
  type TicketKind,
  ticketKinds,
} from '../domain/vocabulary.ts';

/** Urgent is high, so that `desc` is the most urgent first. */
const priorityRanks: Record<PriorityLevel, number> = { critical: 4, high: 3, medium: 2, low: 1 };
export const statusRank = (status: Status): number => statuses.indexOf(status);
export const kindRank = (kind: TicketKind): number => ticketKinds.indexOf(kind);
export const SEQUENCES_A_YEAR = 1_000_000_000;
/** Key of a ticket with no official number: after every numbered one. */
const NO_NUMBER = 9_000_000_000_000_000;
const KEY_LENGTH = 64;

/** Sort key of a text: folded, of its first characters only. Plain ASCII, the common case, skips the Unicode passes. */
export function sortKey(text: string): string {
  const head = text.slice(0, KEY_LENGTH);
  return /^[\x20-\x7e]*$/u.test(head) ? head.toLowerCase() : foldText(head.toWellFormed());
}

/** Year and sequence of `MDS-2026-000123` as one integer; the tail modulo `SEQUENCES_A_YEAR` is the unpadded sequence. */
export function numberKey(number: string | null): number {
  const match = number === null ? null : /(\d{4})-(\d{1,9})$/u.exec(number);
  return match === null ? NO_NUMBER : Number(match[1]) * SEQUENCES_A_YEAR + Number(match[2]);
}

/**
 * What the cache keeps of a ticket beside its document. `numbers` are the first columns of its row, in their order; those at `REFS` and
 * `relatives` are ids, as whoever took the facts numbers them.
 */
export interface TicketFacts {
  readonly version: number;
  readonly numbers: readonly (number | null)[];
  /** The ticket that it was merged into, the one that it was split from, and its problem. */
  readonly relatives: readonly [number | null, number | null, number | null];
  readonly subjectKey: string;
  /** Empty where the requester is a person of the directory. */
  readonly unlistedKey: string;
}
export const numberColumns = [
  ...['open', 'status', 'kind', 'tier', 'team', 'site', 'assignee', 'priority', 'senior', 'citizen', 'to_accept'],
  ...['offered_to', 'requester', 'registered_at', 'updated_at', 'recorded_at', 'number_key'],
];
export const textColumns = ['subject_key', 'requester_key', 'assignee_key', 'site_key'];
const [SITE, ASSIGNEE, REQUESTER] = ['site', 'assignee', 'requester'].map((name) => numberColumns.indexOf(name));
/** Places of the ids among the numbers. */
export const REFS: ReadonlySet<number> = new Set(
  ['team', 'site', 'assignee', 'offered_to', 'requester'].map((name) => numberColumns.indexOf(name)),
);

export function ticketFacts(ticket: Ticket, refOf: (id: string) => number): TicketFacts {
  const refOrNull = (id: string | null | undefined) => (id === null || id === undefined ? null : refOf(id));
  const { requester } = ticket;
  const reasons = ticket.priority.reasons;
  return {
    version: ticket.version,
    numbers: [
      isOpen(ticket.status) ? 1 : 0,
      statusRank(ticket.status),
      kindRank(ticket.kind),
      ticket.tier,
      refOf(ticket.teamId),
      refOf(ticket.siteId),
      refOrNull(ticket.assigneeId),
      priorityRanks[ticket.priority.level],
      reasons.some((reason) => reason.kind === 'seniorManagement') ? 1 : 0,
      reasons.some((reason) => reason.kind === 'citizenService') ? 1 : 0,
      awaitsAcceptance(ticket) ? 1 : 0,
      refOrNull(currentHandover(ticket)?.toPersonId),
      'personId' in requester ? refOf(requester.personId) : null,
      ticket.clocks.registeredAt,
      ticket.updatedAt,
      ticket.recordedAt,
      numberKey(ticket.number),
    ],
    relatives: [refOrNull(ticket.mergedInto), refOrNull(ticket.splitFrom), refOrNull(ticket.problemId)],
    subjectKey: sortKey(ticket.subject),
    unlistedKey: 'unlisted' in requester ? sortKey(requester.unlisted.name) : '',
  };
}

/**
 * Values of `tickets` after `ref, version, generation`, in the order of its columns.
 *
 * @param nameKey folded name of a directory row, empty when it is not held.
 */
export function ticketColumns(facts: TicketFacts, nameKey: (ref: number) => string): (number | string | null)[] {
  const { numbers, subjectKey, unlistedKey } = facts;
  const keyAt = (place: number | undefined, none: string) => {
    const ref = place === undefined ? null : (numbers[place] ?? null);
    return ref === null ? none : nameKey(ref);
  };
  return [...numbers, subjectKey, keyAt(REQUESTER, unlistedKey), keyAt(ASSIGNEE, ''), keyAt(SITE, '')];
}

/** The columns of an entry but its fill and its document, in their order; ticket and actor by `refOf`. */
export type EntryFacts = readonly [
  ticket: number,
  seq: number,
  actor: number,
  commandKey: number,
  recordedAt: number | null,
  worded: number,
];
export const entryFacts = (entry: TimelineEntry, refOf: (id: string) => number): EntryFacts => [
  refOf(entry.ticketId),
  entry.seq,
  refOf(entry.actorId),
  commandKey(entry.commandId),
  entry.recordedAt,
  wordedEvents.has(entry.event.type) ? 1 : 0,
];

/** The random tail of a command's id as an integer: a narrow key; a clash is told apart by the id in the document. */
export const commandKey = (commandId: string): number => Number.parseInt(commandId.slice(-12), 16);

/** Entries whose own words full text carries. */
export const wordedEvents: ReadonlySet<string> = new Set([
  'noteAdded',
  'visitRecorded',
  'resolved',
  'remoteSessionEnded',
  'attachmentAdded',
]);
