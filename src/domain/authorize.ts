import type { CommandType } from './commands.ts';
import { type Actor, permissionTable } from './permissions.ts';
import { type Refusal, refusal } from './refusals.ts';
import { inScope, scopeKeysOf } from './scope.ts';
import type { Ticket } from './ticket.ts';
import type { Instant } from './vocabulary.ts';

export const ticketInScope = (actor: Actor, ticket: Ticket, now: Instant | null): boolean =>
  inScope(actor.grant, scopeKeysOf(ticket), now);

/** In scope, of one of the person's teams, or theirs. */
export const maySee = (actor: Actor, ticket: Ticket, now: Instant | null): boolean =>
  ticket.assigneeId === actor.personId || actor.teamIds.includes(ticket.teamId) || ticketInScope(actor, ticket, now);

/**
 * The one place that says who may. Null: allowed. A ticket that the actor may not see answers like a missing one.
 * `now`: the store's receipt; null in the console.
 */
export function authorize(actor: Actor, type: CommandType, ticket: Ticket | null, now: Instant | null): Refusal | null {
  const reach = permissionTable[type][actor.role];
  if (reach === 'no') return refusal('forbidden');
  if (actor.revoked) return refusal('deviceRevoked');
  if (reach === 'any' || ticket === null) return null;
  const mine = ticket.assigneeId === actor.personId;
  const inTeam = actor.teamIds.includes(ticket.teamId);
  if (!maySee(actor, ticket, now)) return refusal('ticketUnknown');
  switch (reach) {
    case 'scope':
      return null;
    case 'team':
      return mine || inTeam ? null : refusal('notInTeam', { team: ticket.teamId });
    case 'own':
      if (mine || (ticket.assigneeId === null && inTeam)) return null;
      return ticket.assigneeId === null
        ? refusal('notInTeam', { team: ticket.teamId })
        : refusal('notAssignee', { assignee: ticket.assigneeId });
  }
}
