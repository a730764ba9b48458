import { type NamedFile, parkedFile } from '../attachments.ts';
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

/** What a file is opened by is its id: one that is used on the ticket already, also by a parked act, is never given to another content. */
export function addAttachment(ticket: Ticket, p: CommandPayloads['addAttachment'], ctx: DecideContext): Decision {
  const { personId, submitterId } = ctx.actor;
  const isSame = (there: Pick<NamedFile, 'sha256' | 'size'>) => there.sha256 === p.sha256 && there.size === p.size;
  const added = ctx.attachmentOf?.(p.attachmentId) ?? null;
  if (added !== null) {
    if (added.senderId !== (submitterId ?? personId) || !isSame(added)) return refused('attachmentExists');
    // Written again by the same person while the first was on its way: it stands there once.
    const note = { code: 'alreadySo', by: added.senderId, at: null, value: p.name } as const;
    return { kind: 'merged', events: [], notes: [note] };
  }
  for (const claim of ticket.parked) {
    const file = claim.commandId === ctx.commandId ? null : parkedFile(claim);
    if (file?.attachmentId !== p.attachmentId) continue;
    // Applied again by its own author: the parked one may be settled.
    if (claim.by !== personId || !isSame(file)) return refused('attachmentExists');
  }
  return withNotes(factNotes(ticket, ctx), { type: 'attachmentAdded', ...p });
}
