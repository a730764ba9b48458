import type { DecideContext } from '../../domain/decision.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { BasePosition, OutboxCommand, OutboxPort } from '../ports/outbox.ts';
import { type ContextSource, consoleContext, formerVerdict } from './decide-context.ts';
import { reconcile } from './reconcile.ts';

export interface FoldSource extends Omit<ContextSource, 'otherTicket'> {
  readonly outbox: Pick<OutboxPort, 'liveBefore'>;
  readonly position: BasePosition;
  readonly base: (ticketId: string) => Ticket | null;
  readonly baseHolds: (commandId: string) => boolean;
  /** Told of every other ticket that a verdict was made with. */
  readonly onLook: (ticketId: string) => void;
}

/**
 * Contexts of live commands over a base. A command sees another ticket as the store will when its turn comes (SY3): its base with what
 * was written on it before that command, and nothing that was written after it. So what lies over a ticket does not hang on
 * what lies over others just now.
 */
export function contextsOver(source: FoldSource): (command: OutboxCommand) => DecideContext {
  const contextOf = (command: OutboxCommand): DecideContext => {
    const otherTicket = (ticketId: string) => ticketBefore(ticketId, command.wire.id);
    return consoleContext(command.wire, { ...source, otherTicket }, formerVerdict(command));
  };
  /** Ends: each look is at what was written before the command that looks. */
  function ticketBefore(ticketId: string, commandId: string): Ticket | null {
    source.onLook(ticketId);
    const base = source.base(ticketId);
    const commands = source.outbox.liveBefore(ticketId, source.position, commandId);
    if (commands.length === 0) return base;
    const baseEpoch = source.position?.epoch ?? null;
    const { baseHolds } = source;
    const overlay = reconcile({ ticketId, base, baseEpoch, commands, baseHolds, baseComplete: false, contextOf });
    return overlay === null ? base : overlay.ticket;
  }
  return contextOf;
}
