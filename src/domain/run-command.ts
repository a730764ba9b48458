import { authorize, ticketInScope } from './authorize.ts';
import type { Command } from './commands.ts';
import { decide } from './decide/decide.ts';
import { maySplit } from './decide/relatives.ts';
import type { DecideContext, Decision, Verdict } from './decision.ts';
import type { EventOf, TimelineEntry } from './events.ts';
import { evolve } from './evolve.ts';
import { refusal } from './refusals.ts';
import type { Ticket } from './ticket.ts';

export interface CommandRun {
  readonly decision: Decision;
  /** The decision without its events: what is stored and answered. */
  readonly verdict: Verdict;
  /** State after the command; unchanged when refused. */
  readonly ticket: Ticket | null;
  readonly entries: readonly TimelineEntry[];
}

/** Decides and folds in one step. The console (optimistic) and the store (in its transaction) run this very code. */
export function runCommand(ticket: Ticket | null, ticketId: string, command: Command, ctx: DecideContext): CommandRun {
  const decision = namesItself(ticketId, command)
    ? { kind: 'refused' as const, refusal: refusal('invalid', { field: 'fromTicketId' }) }
    : decide(ticket, command, ctx);
  if (decision.kind === 'refused') return { decision, verdict: decision, ticket, entries: [] };
  const { actor, times, commandId } = ctx;
  const outOfScope =
    ticket !== null &&
    !actor.mayImport &&
    !ticketInScope(actor, ticket, times.recordedAt) &&
    !actor.teamIds.includes(ticket.teamId);
  let state = ticket;
  const entries = decision.events.map((event, index): TimelineEntry => {
    const entry = {
      id: `${commandId}-${index}`,
      ticketId,
      seq: (state?.version ?? 0) + 1,
      commandId,
      actorId: actor.personId,
      submitterId: actor.submitterId,
      occurredAt: times.occurredAt,
      recordedAt: times.recordedAt,
      deviceAt: times.deviceAt,
      timeQuality: times.timeQuality,
      outOfScope: outOfScope || (event.type === 'registered' && registeredOutside(event, ctx)),
      event,
    };
    state = evolve(state, entry);
    return entry;
  });
  return { decision, verdict: verdictOf(decision), ticket: state, entries };
}

/** A ticket that does not exist yet is split from no ticket, least of all from itself. */
const namesItself = (ticketId: string, command: Command): boolean =>
  command.type === 'split' && command.payload.fromTicketId === ticketId;

function registeredOutside(event: EventOf<'registered'>, ctx: DecideContext): boolean {
  const { actor, times } = ctx;
  const origin = event.split === undefined ? null : ctx.otherTicket(event.split.fromTicketId);
  if (origin !== null && !maySplit(origin, ctx)) return true;
  // A replay brings a ticket back also for an author who may register no more.
  if (authorize(actor, 'register', null, times.recordedAt) !== null) return true;
  return (
    !actor.mayImport &&
    !actor.grant.everything &&
    !actor.grant.siteIds.includes(event.siteId) &&
    !actor.grant.teamIds.includes(event.teamId) &&
    !actor.teamIds.includes(event.teamId)
  );
}

function verdictOf(decision: Decision): Verdict {
  switch (decision.kind) {
    case 'applied':
      return { kind: 'applied' };
    case 'merged':
      return { kind: 'merged', notes: [...decision.notes] };
    case 'parked':
      return { kind: 'parked', conflicts: [...decision.conflicts] };
    case 'refused':
      return decision;
  }
}
