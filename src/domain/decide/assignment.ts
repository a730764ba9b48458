import type { CommandPayloads } from '../commands.ts';
import type { DecideContext, Decision } from '../decision.ts';
import { awaitsAcceptance, currentHandover, type Ticket } from '../ticket.ts';
import { alreadySo, applied, memberRefusal, moveNotes, notOpen, refused, withNotes } from './support.ts';

/** Taking a ticket. On an escalated one that waits to be accepted, taking is accepting. */
export function claim(ticket: Ticket, ctx: DecideContext): Decision {
  const me = ctx.actor.personId;
  if (ticket.assigneeId === me && !awaitsAcceptance(ticket)) return alreadySo(ticket, 'assigneeId', me);
  const stop = notOpen(ticket) ?? memberRefusal(me, ticket.teamId, ctx);
  if (stop !== null) return stop;
  if (awaitsAcceptance(ticket)) return accept(ticket, ctx);
  if (ticket.assigneeId !== null) return refused('alreadyClaimed', { assignee: ticket.assigneeId });
  return applied({ type: 'claimed', assigneeId: me, fromStatus: ticket.status });
}

export function accept(ticket: Ticket, ctx: DecideContext): Decision {
  const me = ctx.actor.personId;
  const handover = currentHandover(ticket);
  if (handover === null) return refused('nothingToAccept');
  if (handover.state === 'accepted') {
    if (ticket.assigneeId === me) return alreadySo(ticket, 'assigneeId', me);
    return ticket.assigneeId === null
      ? refused('nothingToAccept')
      : refused('alreadyClaimed', { assignee: ticket.assigneeId });
  }
  const stop = notOpen(ticket) ?? memberRefusal(me, ticket.teamId, ctx);
  if (stop !== null) return stop;
  if (handover.toPersonId !== null && handover.toPersonId !== me)
    return refused('handoverForOther', { person: handover.toPersonId });
  return applied({ type: 'accepted', assigneeId: me, teamId: ticket.teamId });
}

export function assign(ticket: Ticket, p: CommandPayloads['assign'], ctx: DecideContext): Decision {
  if (ticket.assigneeId === p.toPersonId) return alreadySo(ticket, 'assigneeId', p.toPersonId);
  const stop = notOpen(ticket) ?? memberRefusal(p.toPersonId, ticket.teamId, ctx);
  if (stop !== null) return stop;
  if (ticket.assigneeId !== null) return refused('alreadyAssigned', { assignee: ticket.assigneeId });
  return applied({ type: 'assigned', assigneeId: p.toPersonId, fromAssigneeId: null, fromStatus: ticket.status });
}

/** Names whom the author saw: a ticket that meanwhile went to a third person is not taken from them. */
export function reassign(ticket: Ticket, p: CommandPayloads['reassign'], ctx: DecideContext): Decision {
  if (ticket.assigneeId === p.toPersonId) return alreadySo(ticket, 'assigneeId', p.toPersonId, p.reason);
  const stop = notOpen(ticket) ?? (p.toPersonId === null ? null : memberRefusal(p.toPersonId, ticket.teamId, ctx));
  if (stop !== null) return stop;
  if (ticket.assigneeId !== p.fromPersonId) return refused('assigneeChanged', { assignee: ticket.assigneeId ?? '' });
  const notes = p.toPersonId === null ? moveNotes(ticket, ctx, unassigned(ticket), { assigneeId: null }) : [];
  return withNotes(notes, {
    type: 'reassigned',
    assigneeId: p.toPersonId,
    fromAssigneeId: ticket.assigneeId,
    reason: p.reason,
    fromStatus: ticket.status,
  });
}

const unassigned = (ticket: Ticket) => (ticket.handovers.length === 0 ? 'new' : 'assigned');

/** To another team of the same tier. */
export function transfer(ticket: Ticket, p: CommandPayloads['transfer'], ctx: DecideContext): Decision {
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  const team = ctx.directory.team(p.toTeamId);
  if (team === null || (!team.active && !ctx.actor.mayImport)) return refused('teamUnknown');
  if (team.tier !== ticket.tier) return refused('tierDiffers');
  if (team.id === ticket.teamId && p.toPersonId === ticket.assigneeId)
    return alreadySo(ticket, 'teamId', team.id, p.reason);
  const notMember = p.toPersonId === null ? null : memberRefusal(p.toPersonId, team.id, ctx);
  if (notMember !== null) return notMember;
  return withNotes(moveNotes(ticket, ctx, 'assigned', { assigneeId: p.toPersonId, teamId: team.id }), {
    type: 'transferred',
    teamId: team.id,
    fromTeamId: ticket.teamId,
    assigneeId: p.toPersonId,
    fromAssigneeId: ticket.assigneeId,
    reason: p.reason,
    fromStatus: ticket.status,
  });
}
