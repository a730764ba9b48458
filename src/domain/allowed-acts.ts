import { authorize } from './authorize.ts';
import { type CommandType, commandTypes, isFact } from './commands.ts';
import { fitsMerged } from './decide/decide.ts';
import type { Actor } from './permissions.ts';
import { awaitsAcceptance, currentHandover, isMerged, type Ticket } from './ticket.ts';
import { type Instant, isOpen } from './vocabulary.ts';

/** What the state of a ticket leaves to do, whatever the payload says; `decide` has the last word. */
function fits(type: CommandType, ticket: Ticket, actor: Actor): boolean {
  if (isMerged(ticket) && !isFact(type) && !fitsMerged.includes(type)) return false;
  const open = isOpen(ticket.status);
  const handover = currentHandover(ticket);
  const memberOfTeam = actor.teamIds.includes(ticket.teamId);
  switch (type) {
    case 'register':
      return false;
    case 'addNote':
    case 'startRemoteSession':
    case 'recordVisit':
    case 'addAttachment':
      return true;
    case 'endRemoteSession':
      return ticket.remoteSessions.length > 0;
    case 'editFields':
    case 'reclassify':
    case 'changeMode':
    case 'setAsset':
    case 'linkProblem':
      return ticket.status !== 'closed' && ticket.status !== 'cancelled';
    case 'setVendorCase':
      return ticket.tier === 3 && ticket.status !== 'closed' && ticket.status !== 'cancelled';
    case 'linkRequester':
      return 'unlisted' in ticket.requester;
    case 'claim':
      return open && memberOfTeam && ticket.assigneeId === null && !awaitsAcceptance(ticket);
    case 'accept':
      return (
        open &&
        memberOfTeam &&
        handover?.state === 'offered' &&
        (handover.toPersonId === null || handover.toPersonId === actor.personId)
      );
    case 'assign':
      return open && ticket.assigneeId === null;
    case 'reassign':
      return open && ticket.assigneeId !== null;
    case 'transfer':
      return open;
    case 'escalate':
      return open && ticket.tier < 3;
    case 'return':
      return open && ticket.tier > 1;
    case 'changeStatus':
      return open;
    case 'resolve':
      return open && ticket.assigneeId !== null;
    case 'reopen':
      return !open;
    case 'close':
      return ticket.status === 'resolved';
    case 'cancel':
      return open;
    case 'merge':
      return !isMerged(ticket) && (open || ticket.status === 'resolved');
    case 'unmerge':
      return isMerged(ticket);
    case 'split':
      return true;
    case 'undoSplit':
      return open && ticket.splitFrom !== undefined;
    case 'settleParked':
      return ticket.parked.length > 0;
  }
}

/**
 * Command types to offer on this ticket: by the same permission table as the store, and by the ticket's state.
 * `now`: as for `authorize`, null in a console.
 */
export const allowedActs = (ticket: Ticket, actor: Actor, now: Instant | null): CommandType[] =>
  commandTypes.filter((type) => isAllowed(type, ticket, actor, now));

/** Whether this type is among the `allowedActs`. */
export const isAllowed = (type: CommandType, ticket: Ticket, actor: Actor, now: Instant | null): boolean =>
  fits(type, ticket, actor) && authorize(actor, type, ticket, now) === null;
