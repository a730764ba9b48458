import { exhaustive } from '../../shared/exhaustive.ts';
import type { ClaimCommand } from '../commands.ts';
import type { Conflict, DecideContext } from '../decision.ts';
import { currentHandover, type Ticket } from '../ticket.ts';
import { conflictOn } from './support.ts';

/**
 * What a claim asks for beside what is there now, with who wrote that and when; then every text that its author typed, with
 * nothing beside it. At least one; no text of the command is missing in it.
 */
export function claimedValues(ticket: Ticket, command: ClaimCommand, ctx: DecideContext): Conflict[] {
  const value = (field: string, theirs: Conflict['theirs'], mine: Conflict['mine']): Conflict =>
    conflictOn(ticket, field, theirs, mine);
  const [first, ...rest] = values(ticket, command, ctx, value);
  const moved = rest.filter(({ theirs, mine }) => JSON.stringify(theirs) !== JSON.stringify(mine));
  const texts = textsOf(command).filter(([, text]) => text.trim() !== '');
  return [
    first,
    ...moved,
    ...texts.map(([field, mine]): Conflict => ({ field, theirs: null, mine, theirsBy: null, theirsAt: null })),
  ];
}

function values(
  ticket: Ticket,
  command: ClaimCommand,
  ctx: DecideContext,
  value: (field: string, theirs: Conflict['theirs'], mine: Conflict['mine']) => Conflict,
): [Conflict, ...Conflict[]] {
  const assignee = (mine: string | null) => value('assigneeId', ticket.assigneeId, mine);
  const team = (mine: string | null) => value('teamId', ticket.teamId, mine);
  const status = (mine: Ticket['status']) => value('status', ticket.status, mine);
  switch (command.type) {
    case 'editFields': {
      const { changes } = command.payload;
      const edited = Object.entries(changes).map(([name, change]) => {
        const field = name as keyof typeof changes;
        return value(field, ticket[field], change.to);
      });
      return [edited[0] ?? value('fields', null, null), ...edited.slice(1)];
    }
    case 'reclassify':
      return [
        value('kind', ticket.kind, command.payload.kind.to),
        value('subKind', ticket.subKind, command.payload.subKind.to),
      ];
    case 'changeMode':
      return [value('mode', ticket.mode, command.payload.mode.to)];
    case 'setAsset':
      return [value('assetId', ticket.assetId, command.payload.assetId.to)];
    case 'setVendorCase':
      return [value('vendorCase', ticket.vendorCase, command.payload.vendorCase.to)];
    case 'linkProblem':
      return [value('problemId', ticket.problemId, command.payload.problemId.to)];
    case 'linkRequester':
      return [value('requester', ticket.requester, { personId: command.payload.personId })];
    case 'claim':
    case 'accept':
      return [assignee(ctx.actor.personId)];
    case 'assign':
    case 'reassign':
      return [assignee(command.payload.toPersonId)];
    case 'transfer':
    case 'escalate':
      return [team(command.payload.toTeamId), assignee(command.payload.toPersonId)];
    case 'return':
      return [team(command.payload.toTeamId ?? currentHandover(ticket)?.fromTeamId ?? null)];
    case 'changeStatus':
      return [
        status(command.payload.to),
        value(
          'pendingReason',
          ticket.pendingReason,
          command.payload.to === 'pending' ? command.payload.pendingReason : null,
        ),
      ];
    case 'resolve':
      return [value('solution', ticket.solution, command.payload.solution), status('resolved')];
    case 'reopen':
      return [status(ticket.assigneeId === null ? 'new' : 'assigned')];
    case 'close':
      return [status('closed')];
    case 'cancel':
      return [status('cancelled')];
    case 'merge':
      return [value('mergedInto', ticket.mergedInto ?? null, command.payload.intoTicketId)];
    case 'unmerge':
      return [value('mergedInto', ticket.mergedInto ?? null, null)];
    case 'undoSplit':
      return [status('cancelled')];
    case 'settleParked':
      return [value('parked', null, command.payload.commandId)];
    default:
      return exhaustive(command);
  }
}

/** Texts that are not the value of a field of the ticket: reasons, notes, the handover sheet. */
function textsOf({ type, payload }: ClaimCommand): [string, string][] {
  switch (type) {
    case 'reassign':
    case 'transfer':
    case 'return':
    case 'reopen':
    case 'cancel':
    case 'unmerge':
    case 'undoSplit':
      return [['reason', payload.reason]];
    case 'escalate':
      return Object.entries(payload.sheet).map(([part, text]) => [`sheet.${part}`, text]);
    case 'settleParked':
      return [['note', payload.note]];
    default:
      return [];
  }
}
