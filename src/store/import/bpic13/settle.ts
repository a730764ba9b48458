import { awaitsAcceptance, type Ticket } from '../../../domain/ticket.ts';
import { isOpen, type PendingReason } from '../../../domain/vocabulary.ts';
import { impactOf, targetOf, words } from './mapping.ts';
import type { RowContext } from './plan-case.ts';

/** Brings the ticket to the row's status, taking it for the row's resource where the status needs an owner. */
export function settle(ctx: RowContext): void {
  const { row, tally, act } = ctx;
  const target = targetOf(row);
  if (target.kind === 'unmapped') {
    tally.unmapped++;
    return;
  }
  const ticket = open(ctx);
  // Completed again in other words, or closed after it was resolved.
  if (ticket === null) {
    if (target.kind === 'closed') closeResolved(ctx);
    return;
  }
  const { impact } = impactOf(row);
  if (ticket.impact !== impact) {
    act({ type: 'editFields', payload: { changes: { impact: { from: ticket.impact, to: impact } } } });
  }
  switch (target.kind) {
    case 'queued':
      if (ticket.assigneeId === null) return;
      act({ type: 'reassign', payload: { fromPersonId: ticket.assigneeId, toPersonId: null, reason: '' } });
      return;
    case 'assigned':
    case 'inProgress':
      own(ctx);
      become(ctx, target.kind, null);
      return;
    case 'pending':
      if (!target.exact) tally.approximated++;
      own(ctx);
      become(ctx, 'pending', target.reason);
      return;
    case 'resolved':
      resolve(ctx, target.duringCall);
      return;
    case 'closed':
      resolve(ctx, false);
      closeResolved(ctx);
      return;
    case 'cancelled':
      act({ type: 'cancel', payload: { reason: words.cancelled } });
  }
}

const open = ({ ticket }: RowContext): Ticket | null => {
  const current = ticket();
  return current !== null && isOpen(current.status) ? current : null;
};

function own(ctx: RowContext): void {
  const ticket = open(ctx);
  if (ticket === null) return;
  if (awaitsAcceptance(ticket) && ticket.assigneeId === null) ctx.act({ type: 'accept', payload: {} });
  else if (ticket.assigneeId === null) ctx.act({ type: 'claim', payload: {} });
  else if (ticket.assigneeId !== ctx.personId) {
    ctx.act({ type: 'reassign', payload: { fromPersonId: ticket.assigneeId, toPersonId: ctx.personId, reason: '' } });
  }
}

function become(ctx: RowContext, to: 'assigned' | 'inProgress' | 'pending', reason: PendingReason | null): void {
  const ticket = open(ctx);
  if (ticket === null || (ticket.status === to && ticket.pendingReason === reason)) return;
  const { status: from } = ticket;
  if (from === 'new' || from === 'assigned' || from === 'inProgress' || from === 'pending') {
    ctx.act({ type: 'changeStatus', payload: { from, to, pendingReason: reason } });
  }
}

function resolve(ctx: RowContext, duringCall: boolean): void {
  if (open(ctx)?.assigneeId === null) own(ctx);
  ctx.act({ type: 'resolve', payload: { solution: words.solution, duringCall } });
}

function closeResolved({ ticket, act }: RowContext): void {
  if (ticket()?.status === 'resolved') act({ type: 'close', payload: {} });
}
