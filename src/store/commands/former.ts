import type { Verdict } from '../../domain/decision.ts';
import { readOfficialNumber, yearInZone } from '../../domain/numbering.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { Outcome, WireCommand } from '../../protocol/sync/command.ts';
import type { DeskState } from './desk-port.ts';

/** How far beyond the counter a number may lie that comes back: nobody registers more between a backup and its restore. */
const MAX_NUMBERS_LOST = 100_000;

/**
 * The answer that a command had before the desk was restored (SY14). Null where the desk never was, and for an answer of the present
 * epoch or to another command: `former` asks for nothing that such a desk would not do.
 */
export function formerOf(command: WireCommand, desk: Pick<DeskState, 'epoch' | 'restoredAt'>): Outcome | null {
  const { former } = command;
  if (former === undefined || desk.restoredAt === null || former.epoch === desk.epoch) return null;
  const { outcome } = former;
  return outcome.commandId === command.id && outcome.ticketId === command.ticketId ? outcome : null;
}

/** What stands for the former answer of a command that never had one, and was written on what the restored desk has lost. */
export const SEEN_BEFORE: Verdict = { kind: 'applied' };

/**
 * Whether an unanswered command speaks of a ticket that this desk had before it was restored: its author saw a version of it, and
 * no ticket ever goes away. A split sees no version of the ticket that it makes, and speaks of the one it is split from.
 */
export const mayBeLost = ({ type, seenVersion }: WireCommand, desk: Pick<DeskState, 'restoredAt'>): boolean =>
  desk.restoredAt !== null && (seenVersion !== null || type === 'split');

/** Official number that a ticket had before the restore, to be asked for again. */
export const formerNumber = (command: WireCommand, desk: DeskState): string | null =>
  formerOf(command, desk)?.number ?? null;

/** Year and sequence of a number that may be given again, as far as its text tells; whether it is free is not asked here. */
export function regainable(command: WireCommand, desk: DeskState, recordedAt: Instant) {
  const text = formerNumber(command, desk);
  const read = text === null ? null : readOfficialNumber(desk.settings.numberPrefix, text);
  if (text === null || read === null) return null;
  const { timeZone } = desk.settings;
  const { onBehalf, former } = command;
  // A number is of the year of its receipt, or of the act for one who imports: none is of a year to come.
  const given = onBehalf?.occurredAt ?? Math.min(former?.outcome.recordedAt ?? recordedAt, recordedAt);
  return read.year === yearInZone(given, timeZone) ? { ...read, text } : null;
}

export const withinReach = (sequence: number, last: number): boolean => sequence <= last + MAX_NUMBERS_LOST;
