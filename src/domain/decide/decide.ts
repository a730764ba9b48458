import { exhaustive } from '../../shared/exhaustive.ts';
import { authorize } from '../authorize.ts';
import { type Command, type CommandType, isFact } from '../commands.ts';
import type { DecideContext, Decision } from '../decision.ts';
import { isMerged, type Ticket } from '../ticket.ts';
import { accept, assign, claim, reassign, transfer } from './assignment.ts';
import { escalate, returnDown } from './escalation.ts';
import { addAttachment, addNote, endRemoteSession, recordVisit, startRemoteSession } from './facts.ts';
import { changeMode, editFields, linkProblem, linkRequester, reclassify, setAsset, setVendorCase } from './fields.ts';
import { register } from './register.ts';
import { merge, split, undoSplit, unmerge } from './relatives.ts';
import { judgeReplay } from './replay.ts';
import { cancel, changeStatus, close, reopen, resolve, settleParked } from './status.ts';
import { keptForSupervisor, refused } from './support.ts';

/*
 * The merge: what the store holds by now, what a person asks for, and what they had seen → what becomes of it.
 *
 * Invariants (docs/spec/conflicts.md has every case; its test checks them over each):
 * 1. Nothing that a person typed disappears: it is on the ticket, in a parked claim, or refused with its content.
 * 2. A refusal changes nothing.
 * 3. Nothing is overwritten in silence: a value that moved since the author looked is set again only with a note of it.
 * 4. Both values come with who set them and when; an author who may not see the ticket is told their own only.
 * 5. A fact is refused only to a role that may write nothing, or where what it names by an id of its own (a session, a file) is there already.
 * 6. What was accepted before a restore is never refused after it.
 * 7. Only `reopen` and `unmerge` open a ticket that is not open.
 * 8. No clock decides: the order is the store's. Times are told, and durations counted.
 */

/**
 * What a command does to a ticket: events, or a typed refusal. Pure and total.
 *
 * Facts merge whatever changed meanwhile and are never refused for scope; claims need the right at the moment they are
 * decided, and are applied, merged (the author is told), parked (both values kept) or refused. docs/spec/commands.md
 * has the table.
 */
export function decide(ticket: Ticket | null, command: Command, ctx: DecideContext): Decision {
  if (ctx.former === undefined || ctx.former === null) return judge(ticket, command, ctx);
  return judgeReplay(ticket, command, ctx, ctx.former, judge);
}

/** Claims that a duplicate still takes: it is closed as part of another, until somebody undoes the merge. */
export const fitsMerged: readonly CommandType[] = ['merge', 'unmerge', 'linkRequester', 'settleParked'];

function judge(ticket: Ticket | null, command: Command, ctx: DecideContext): Decision {
  if (ctx.actor.revoked && isFact(command.type)) return keptForSupervisor(ticket, command, ctx);
  const no = authorize(ctx.actor, command.type, ticket, ctx.times.recordedAt);
  if (no !== null) return { kind: 'refused', refusal: no };
  if (command.type === 'register') return register(ticket, command.payload, ctx);
  if (command.type === 'split') return split(ticket, command.payload, ctx);
  if (ticket === null) return refused('ticketUnknown');
  if (isMerged(ticket) && !isFact(command.type) && !fitsMerged.includes(command.type))
    return refused('ticketMerged', { ticket: ticket.mergedInto });
  switch (command.type) {
    case 'addNote':
      return addNote(ticket, command.payload, ctx);
    case 'startRemoteSession':
      return startRemoteSession(ticket, command.payload, ctx);
    case 'endRemoteSession':
      return endRemoteSession(ticket, command.payload, ctx);
    case 'recordVisit':
      return recordVisit(ticket, command.payload, ctx);
    case 'addAttachment':
      return addAttachment(ticket, command.payload, ctx);
    case 'editFields':
      return editFields(ticket, command.payload, ctx);
    case 'reclassify':
      return reclassify(ticket, command.payload, ctx);
    case 'changeMode':
      return changeMode(ticket, command.payload, ctx);
    case 'setAsset':
      return setAsset(ticket, command.payload, ctx);
    case 'setVendorCase':
      return setVendorCase(ticket, command.payload, ctx);
    case 'linkProblem':
      return linkProblem(ticket, command.payload, ctx);
    case 'linkRequester':
      return linkRequester(ticket, command.payload, ctx);
    case 'claim':
      return claim(ticket, ctx);
    case 'assign':
      return assign(ticket, command.payload, ctx);
    case 'reassign':
      return reassign(ticket, command.payload, ctx);
    case 'transfer':
      return transfer(ticket, command.payload, ctx);
    case 'escalate':
      return escalate(ticket, command.payload, ctx);
    case 'accept':
      return accept(ticket, ctx);
    case 'return':
      return returnDown(ticket, command.payload, ctx);
    case 'changeStatus':
      return changeStatus(ticket, command.payload, ctx);
    case 'resolve':
      return resolve(ticket, command.payload, ctx);
    case 'reopen':
      return reopen(ticket, command.payload, ctx);
    case 'close':
      return close(ticket);
    case 'cancel':
      return cancel(ticket, command.payload, ctx);
    case 'merge':
      return merge(ticket, command.payload, ctx);
    case 'unmerge':
      return unmerge(ticket, command.payload);
    case 'undoSplit':
      return undoSplit(ticket, command.payload, ctx);
    case 'settleParked':
      return settleParked(ticket, command.payload);
    default:
      return exhaustive(command);
  }
}
