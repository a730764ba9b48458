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

/** What the columns need of the directory. */
export interface NameKeys {
  refOf(id: string): number;
  /** Folded name of a directory row, empty when it is not held. */
  nameKey(ref: number): string;
}

/** Values of `tickets` after `ref, version, generation`, in the order of its columns. */
export function ticketColumns(ticket: Ticket, names: NameKeys): readonly (number | string | null)[] {
  const refOrNull = (id: string | null) => (id === null ? null : names.refOf(id));
  const site = names.refOf(ticket.siteId);
  const assignee = refOrNull(ticket.assigneeId);
  const requester = 'personId' in ticket.requester ? names.refOf(ticket.requester.personId) : null;
  const unlisted = 'unlisted' in ticket.requester ? ticket.requester.unlisted.name : '';
  const reasons = ticket.priority.reasons;
  return [
    isOpen(ticket.status) ? 1 : 0,
    statusRank(ticket.status),
    kindRank(ticket.kind),
    ticket.tier,
    names.refOf(ticket.teamId),
    site,
    assignee,
    priorityRanks[ticket.priority.level],
    reasons.some((reason) => reason.kind === 'seniorManagement') ? 1 : 0,
    reasons.some((reason) => reason.kind === 'citizenService') ? 1 : 0,
    awaitsAcceptance(ticket) ? 1 : 0,
    refOrNull(currentHandover(ticket)?.toPersonId ?? null),
    requester,
    ticket.clocks.registeredAt,
    ticket.updatedAt,
    ticket.recordedAt,
    numberKey(ticket.number),
    sortKey(ticket.subject),
    requester === null ? sortKey(unlisted) : names.nameKey(requester),
    assignee === null ? '' : names.nameKey(assignee),
    names.nameKey(site),
  ];
}
/** Entries whose own words full text carries. */
export const wordedEvents: ReadonlySet<string> = new Set([
  'noteAdded',
  'visitRecorded',
  'resolved',
  'remoteSessionEnded',
  'attachmentAdded',
]);
