import type { CommandPayloads } from '../commands.ts';
import type { DecideContext, Decision } from '../decision.ts';
import { DAY_MS } from '../scope.ts';
import type { Ticket } from '../ticket.ts';
import {
  alreadySo,
  applied,
  conflictOn,
  movedSince,
  moveNotes,
  notOpen,
  parked,
  refused,
  replacedNote,
  statusNote,
  withNotes,
} from './support.ts';

export function changeStatus(ticket: Ticket, p: CommandPayloads['changeStatus'], ctx: DecideContext): Decision {
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  if (p.to === 'pending' && p.pendingReason === null) return refused('pendingReasonRequired');
  const reason = p.to === 'pending' ? p.pendingReason : null;
  if (ticket.status === p.to && ticket.pendingReason === reason) return alreadySo(ticket, 'status', p.to);
  if (p.to !== 'pending' && ticket.assigneeId === null) return refused('assigneeRequired');
  const moved = ticket.status !== p.from || (ticket.status === 'pending' && movedSince(ticket, 'status', ctx));
  const notes = moved ? [statusNote(ticket, p.to, reason)] : [];
  return withNotes(notes, { type: 'statusChanged', status: p.to, fromStatus: ticket.status, pendingReason: reason });
}

/** Two solutions of one ticket: the second is kept beside the first, for a person to settle. */
export function resolve(ticket: Ticket, p: CommandPayloads['resolve'], ctx: DecideContext): Decision {
  if (ticket.status === 'resolved' || ticket.status === 'closed') {
    if (ticket.solution === p.solution) return alreadySo(ticket, 'status', ticket.status);
    return parked('resolve', [conflictOn(ticket, 'solution', ticket.solution, p.solution)], ctx);
  }
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  if (ticket.assigneeId === null) return refused('assigneeRequired');
  // Resolved by somebody else and reopened, all since the author looked.
  const replaced =
    ticket.solution !== null && ticket.solution !== p.solution && movedSince(ticket, 'solution', ctx)
      ? [replacedNote(ticket, 'solution', ticket.solution, p.solution)]
      : [];
  return withNotes([...moveNotes(ticket, ctx, 'resolved'), ...replaced], {
    type: 'resolved',
    solution: p.solution,
    duringCall: p.duringCall,
    assigneeId: ticket.assigneeId,
    fromStatus: ticket.status,
  });
}

export function reopen(ticket: Ticket, p: CommandPayloads['reopen'], ctx: DecideContext): Decision {
  if (ticket.status !== 'resolved' && ticket.status !== 'closed' && ticket.status !== 'cancelled')
    return movedSince(ticket, 'status', ctx)
      ? alreadySo(ticket, 'status', ticket.status, p.reason)
      : refused('notReopenable');
  const days = ctx.settings.reopenWindowDays;
  const { recordedAt, occurredAt } = ctx.times;
  const since = ticket.clocks.closedAt;
  if (
    ticket.status !== 'resolved' &&
    since !== null &&
    !ctx.actor.mayImport &&
    // Only the store counts days: a console whose clock is wrong must refuse nothing (SY15).
    recordedAt !== null &&
    occurredAt - since > days * DAY_MS
  ) {
    return refused('reopenWindowOver', { days });
  }
  const status = ticket.assigneeId === null && ticket.handovers.length === 0 ? 'new' : 'assigned';
  return withNotes(moveNotes(ticket, ctx, status), {
    type: 'reopened',
    reason: p.reason,
    fromStatus: ticket.status,
    status,
  });
}

export function close(ticket: Ticket): Decision {
  if (ticket.status === 'closed') return alreadySo(ticket, 'status', 'closed');
  if (ticket.status !== 'resolved') return refused('notResolved');
  return applied({ type: 'closed', fromStatus: ticket.status });
}

export function cancel(ticket: Ticket, p: CommandPayloads['cancel'], ctx: DecideContext): Decision {
  if (ticket.status === 'cancelled') return alreadySo(ticket, 'status', 'cancelled', p.reason);
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  const notes = moveNotes(ticket, ctx, 'cancelled');
  return withNotes(notes, { type: 'cancelled', reason: p.reason, fromStatus: ticket.status });
}

export function settleParked(ticket: Ticket, p: CommandPayloads['settleParked']): Decision {
  if (!ticket.parked.some((claim) => claim.commandId === p.commandId)) return refused('parkedUnknown');
  return applied({ type: 'parkedSettled', commandId: p.commandId, note: p.note });
}
