import type { CommandPayloads } from '../commands.ts';
import { type DecideContext, type Decision, isReplay } from '../decision.ts';
import type { Ticket } from '../ticket.ts';
import { factNotes, refused, withNotes } from './support.ts';

/** Facts happened. They land on a ticket in any status, of any team; what moved meanwhile is told to the author. */

export const addNote = (ticket: Ticket, p: CommandPayloads['addNote'], ctx: DecideContext): Decision =>
  withNotes(factNotes(ticket, ctx), { type: 'noteAdded', visibility: p.visibility, text: p.text });

export function startRemoteSession(
  ticket: Ticket,
  p: CommandPayloads['startRemoteSession'],
  ctx: DecideContext,
): Decision {
  if (ticket.remoteSessions.some((session) => session.id === p.sessionId)) return refused('sessionExists');
  if (p.assetId !== null && !isReplay(ctx) && ctx.directory.asset(p.assetId) === null) return refused('assetUnknown');
  return withNotes(factNotes(ticket, ctx), { type: 'remoteSessionStarted', ...p });
}

export function endRemoteSession(ticket: Ticket, p: CommandPayloads['endRemoteSession'], ctx: DecideContext): Decision {
  // Ended already by another screen, or its start is not back yet after a restore: how it went is kept all the same.
  return withNotes(factNotes(ticket, ctx), { type: 'remoteSessionEnded', ...p });
}

export function recordVisit(ticket: Ticket, p: CommandPayloads['recordVisit'], ctx: DecideContext): Decision {
  if (p.leftAt !== null && p.leftAt < p.arrivedAt) return refused('visitTimes');
  return withNotes(factNotes(ticket, ctx), { type: 'visitRecorded', ...p });
}

export const addAttachment = (ticket: Ticket, p: CommandPayloads['addAttachment'], ctx: DecideContext): Decision =>
  withNotes(factNotes(ticket, ctx), { type: 'attachmentAdded', ...p });
