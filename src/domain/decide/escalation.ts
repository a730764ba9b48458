import type { CommandPayloads } from '../commands.ts';
import type { DecideContext, Decision } from '../decision.ts';
import { currentHandover, type Ticket } from '../ticket.ts';
import { memberRefusal, moveNotes, notOpen, refused, withNotes } from './support.ts';

/** R16-R18: up a tier at once, with the sheet; the receiver accepts or returns. Works unassigned, unaccepted and pending. */
export function escalate(ticket: Ticket, p: CommandPayloads['escalate'], ctx: DecideContext): Decision {
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  if (ticket.tier === 3) return refused('noTierAbove');
  const team = ctx.directory.team(p.toTeamId);
  if (team === null || (!team.active && !ctx.actor.mayImport)) return refused('teamUnknown');
  if (team.tier <= ticket.tier) return refused('tierNotAbove', { team: team.id, tier: team.tier });
  if (p.sheet.tried.trim() === '' || p.sheet.found.trim() === '') return refused('sheetRequired');
  const notMember = p.toPersonId === null ? null : memberRefusal(p.toPersonId, team.id, ctx);
  if (notMember !== null) return notMember;
  return withNotes(moveNotes(ticket, ctx, 'assigned', { assigneeId: p.toPersonId, teamId: team.id }), {
    type: 'escalated',
    fromTier: ticket.tier,
    toTier: team.tier,
    fromTeamId: ticket.teamId,
    toTeamId: team.id,
    fromAssigneeId: ticket.assigneeId,
    toPersonId: p.toPersonId,
    sheet: p.sheet,
    fromStatus: ticket.status,
  });
}

/** Down again, offered or accepted: to the team and person that it came from, or to a named team of a lower tier. */
export function returnDown(ticket: Ticket, p: CommandPayloads['return'], ctx: DecideContext): Decision {
  const stop = notOpen(ticket);
  if (stop !== null) return stop;
  const handover = currentHandover(ticket);
  const toTeamId = p.toTeamId ?? handover?.fromTeamId ?? null;
  if (toTeamId === null) return refused('nothingToReturn');
  const team = ctx.directory.team(toTeamId);
  if (team === null || (!team.active && !ctx.actor.mayImport)) return refused('teamUnknown');
  if (team.tier >= ticket.tier) return refused('tierNotBelow', { team: team.id, tier: team.tier });
  const wayBack = ticket.handovers.findLast((step) => step.fromTeamId === team.id);
  const previous = wayBack?.fromAssigneeId ?? null;
  const stillThere = previous !== null && memberRefusal(previous, team.id, ctx) === null;
  const assigneeId = stillThere ? previous : null;
  return withNotes(moveNotes(ticket, ctx, 'assigned', { assigneeId, teamId: team.id }), {
    type: 'returned',
    fromTier: ticket.tier,
    toTier: team.tier,
    fromTeamId: ticket.teamId,
    toTeamId: team.id,
    fromAssigneeId: ticket.assigneeId,
    assigneeId,
    reason: p.reason,
    fromStatus: ticket.status,
  });
}
