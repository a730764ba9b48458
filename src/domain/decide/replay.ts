import { type Command, isClaim } from '../commands.ts';
import type { DecideContext, Decision, Verdict } from '../decision.ts';
import type { RefusalCode } from '../refusals.ts';
import type { Ticket } from '../ticket.ts';
import { claimedValues } from './claimed-values.ts';
import { register } from './register.ts';
import { split } from './relatives.ts';
import { keptForSupervisor, parked } from './support.ts';

/*
 * A command that a store had answered before it was restored from an older state (SY14).
 *
 * Invariants:
 * 1. What was refused stays refused, with the same words, and has no effect.
 * 2. What was accepted is never refused now: it is applied, merged or parked.
 * 3. A register, or a split, comes back whatever became of its author's right and of the directory: without its ticket, what everybody
 *    else wrote on it would have no place. It is flagged where the right is gone.
 * 4. A claim that fits no more is parked on the ticket with both values and every text of its author.
 * 5. An author who may not see the ticket now learns nothing of it: the parked claim has both values, the verdict only theirs.
 */

/** Refusals of an author who is not entitled to see what stands on the ticket. */
const blind: readonly RefusalCode[] = ['ticketUnknown', 'forbidden', 'deviceRevoked'];

type Parked = Extract<Decision, { kind: 'parked' }>;
type Judge = (ticket: Ticket | null, command: Command, ctx: DecideContext) => Decision;

/** The verdict on a replay. `judge` is the rule for any other command; it is asked first. */
export function judgeReplay(
  ticket: Ticket | null,
  command: Command,
  ctx: DecideContext,
  former: Verdict,
  judge: Judge,
): Decision {
  if (former.kind === 'refused') return former;
  const now = judge(ticket, command, ctx);
  if (now.kind === 'applied' || now.kind === 'merged') return now;
  if ((command.type === 'register' || command.type === 'split') && ticket === null) {
    const again =
      command.type === 'register' ? register(ticket, command.payload, ctx) : split(ticket, command.payload, ctx);
    return again.kind === 'refused' ? keptForSupervisor(ticket, command, ctx) : again;
  }
  if (now.kind === 'parked') return now;
  if (ticket === null || !isClaim(command)) return keptForSupervisor(ticket, command, ctx);
  const decision = parked(command.type, claimedValues(ticket, command, ctx), ctx);
  return blind.includes(now.refusal.code) ? hidden(decision) : decision;
}

function hidden(decision: Parked): Parked {
  const conflicts = decision.conflicts.map(({ field, mine }) => ({
    field,
    theirs: null,
    mine,
    theirsBy: null,
    theirsAt: null,
  }));
  return { ...decision, conflicts };
}
