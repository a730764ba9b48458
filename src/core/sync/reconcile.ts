import type { DecideContext } from '../../domain/decision.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import { runCommand } from '../../domain/run-command.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Doubt, Overlay } from '../ports/cache.ts';
import { isUnanswered, type OutboxCommand } from '../ports/outbox.ts';
import { parsedOf } from './parsed-commands.ts';

/*
 * Base and pending → shown. A decision over data: no clock, no storage, no network.
 *
 * Invariants:
 * 1. shown = base ⊕ pending, the commands folded in the order in which they were written (SY5, SY3).
 * 2. The same input gives the same overlay: it can be thrown away and made again at any time.
 * 3. A command whose effect the base holds already is not folded again, answered or not: a pull may come before the answer.
 *    Versions of another epoch say nothing of this one: a version counts for a command only in the epoch of its answer.
 * 4. An answered command stays folded until the base has caught up with its answer, so that nothing flickers; whatever its
 *    verdict was, from then on the base alone speaks. One that is owed to a restored store is pending again, and never in doubt.
 * 5. A command that the rules refuse on the new base changes nothing shown, and no later one is dropped for it; while
 *    unanswered it is in doubt, never removed: the store decides (SY9).
 * 6. Doubts are raised only over a complete base: during a fill a missing ticket says nothing.
 * 7. Nothing left to fold → no overlay (null): the base row is the shown row. Nor is there one over a ticket that is neither held
 *    nor made by what waits: one opened online, or out of scope. Nothing is known of it here, so nothing is shown or doubted.
 */

export interface ReconcileInput {
  readonly ticketId: string;
  readonly base: Ticket | null;
  /** Epoch of that base; null before any. */
  readonly baseEpoch: string | null;
  /** Live commands of this ticket in order of writing. */
  readonly commands: readonly OutboxCommand[];
  readonly baseHolds: (commandId: string) => boolean;
  readonly baseComplete: boolean;
  readonly contextOf: (command: OutboxCommand, shown: Ticket | null) => DecideContext;
}

export function reconcile(input: ReconcileInput): Overlay | null {
  const pending = input.commands.filter((command) => !isCaughtUp(command, input));
  if (pending.length === 0) return null;
  let ticket = input.base;
  const entries: TimelineEntry[] = [];
  const doubts: Doubt[] = [];
  for (const command of pending) {
    const parsed = parsedOf(command.wire);
    if (!parsed.ok) {
      raise(doubts, command, parsed.error, input.baseComplete);
      continue;
    }
    const run = runCommand(ticket, input.ticketId, parsed.value, input.contextOf(command, ticket));
    if (run.decision.kind === 'refused') {
      // A ticket that is not held says nothing of what was written on it.
      if (run.decision.refusal.code !== 'ticketUnknown')
        raise(doubts, command, run.decision.refusal, input.baseComplete);
      continue;
    }
    ticket = run.ticket;
    entries.push(...run.entries);
  }
  return ticket === null && doubts.length === 0 ? null : { ticket, entries, doubts };
}

function isCaughtUp(command: OutboxCommand, input: ReconcileInput): boolean {
  if (input.baseHolds(command.wire.id)) return true;
  if (command.ackEpoch !== input.baseEpoch) return false;
  const settledAt = command.outcome?.ticketVersion ?? null;
  return settledAt !== null && input.base !== null && input.base.version >= settledAt;
}

function raise(doubts: Doubt[], command: OutboxCommand, refusal: Doubt['refusal'], baseComplete: boolean): void {
  if (baseComplete && isUnanswered(command.state)) doubts.push({ commandId: command.wire.id, refusal });
}
