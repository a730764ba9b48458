import { authorize, maySee } from '../authorize.ts';
import type { CommandPayloads } from '../commands.ts';
import { type DecideContext, type Decision, isReplay } from '../decision.ts';
import { permissionTable } from '../permissions.ts';
import { isMerged, type Ticket } from '../ticket.ts';
import { isOpen } from '../vocabulary.ts';
import { entryTeam, incomplete, registered } from './register.ts';
import { alreadySo, applied, moveNotes, notOpen, refused, withNotes } from './support.ts';

/*
 * Merge and split, both by reference and both reversible: the duplicate says what it is part of, the new ticket says where it
 * came from, and nothing is written on the other ticket.
 *
 * Invariants:
 * 1. Merges make no cycle: a ticket is merged only into one that is merged into none, and the store holds both locked.
 * 2. `unmerge` puts back the status and the reason of waiting; nothing else of the ticket moved by the merge.
 * 3. What is written on a merged ticket, or on one whose split is undone, stays there and is shown there.
 * 4. A ticket that the author may not see answers as a target like one that does not exist.
 */

export function merge(ticket: Ticket, p: CommandPayloads['merge'], ctx: DecideContext): Decision {
  const into = p.intoTicketId;
  if (into === ticket.id) return refused('mergeSelf');
  if (isMerged(ticket)) {
    return ticket.mergedInto === into
      ? alreadySo(ticket, 'mergedInto', into)
      : refused('mergedElsewhere', { ticket: ticket.mergedInto });
  }
  if (!isOpen(ticket.status) && ticket.status !== 'resolved')
    return refused('ticketNotOpen', { status: ticket.status });
  const target = ctx.otherTicket(into);
  if (target === null || !mayChoose(target, ctx)) return refused('mergeTargetUnknown');
  if (isMerged(target)) return refused('mergeTargetMerged', { ticket: target.mergedInto });
  if (target.status === 'closed' || target.status === 'cancelled')
    return refused('mergeTargetNotOpen', { status: target.status });
  if ((ticket.kind === 'problem') !== (target.kind === 'problem')) return refused('mergeKindsDiffer');
  return withNotes(moveNotes(ticket, ctx, 'closed'), {
    type: 'merged',
    intoTicketId: into,
    fromStatus: ticket.status,
    fromPendingReason: ticket.pendingReason,
  });
}

export function unmerge(ticket: Ticket, p: CommandPayloads['unmerge']): Decision {
  if (!isMerged(ticket)) {
    return ticket.lastChange['mergedInto'] === undefined
      ? refused('notMerged')
      : alreadySo(ticket, 'mergedInto', null, p.reason);
  }
  if (ticket.mergedInto !== p.fromTicketId) return refused('mergedElsewhere', { ticket: ticket.mergedInto });
  return applied({
    type: 'unmerged',
    fromTicketId: ticket.mergedInto,
    reason: p.reason,
    status: ticket.beforeMerge?.status ?? 'new',
    pendingReason: ticket.beforeMerge?.pendingReason ?? null,
  });
}

/**
 * A fact, like the register that it is: never refused for what became of the other ticket. It stays with that ticket's team,
 * whose work it is; an author with no right to it registers as anybody else would, flagged.
 */
export function split(ticket: Ticket | null, p: CommandPayloads['split'], ctx: DecideContext): Decision {
  if (ticket !== null) return refused('ticketExists');
  const { fromTicketId, quotes, ...fields } = p;
  const origin = ctx.otherTicket(fromTicketId);
  // After a restore the other ticket may come later, with another console.
  if (origin === null && !isReplay(ctx)) return refused('ticketUnknown');
  const stop = incomplete(fields, ctx);
  if (stop !== null) return stop;
  const sameTeam = origin === null || !maySplit(origin, ctx) ? null : ctx.directory.team(origin.teamId);
  const team = sameTeam ?? entryTeam({ siteId: p.siteId, teamId: null }, ctx);
  if (team === null) return refused('teamUnknown');
  return applied({ ...registered(fields, team, ctx), split: { fromTicketId, quotes } });
}

export function undoSplit(ticket: Ticket, p: CommandPayloads['undoSplit'], ctx: DecideContext): Decision {
  if (ticket.splitFrom === undefined) return refused('notSplit');
  if (ticket.splitUndone === true) return alreadySo(ticket, 'status', ticket.status, p.reason);
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  return withNotes(moveNotes(ticket, ctx, 'cancelled'), {
    type: 'splitUndone',
    intoTicketId: ticket.splitFrom,
    reason: p.reason,
    fromStatus: ticket.status,
  });
}

/** The right to take texts out of a ticket is the right to work on it. */
export const maySplit = (origin: Ticket, ctx: DecideContext): boolean =>
  authorize(ctx.actor, 'split', origin, ctx.times.recordedAt) === null;
const mayChoose = (target: Ticket, ctx: DecideContext): boolean =>
  permissionTable.merge[ctx.actor.role] === 'any' || maySee(ctx.actor, target, ctx.times.recordedAt);
