import type { Command } from '../commands.ts';
import { type Conflict, type DecideContext, type Decision, isReplay, type MergeNote } from '../decision.ts';
import type { TicketEvent } from '../events.ts';
import { type Refusal, type RefusalCode, refusal } from '../refusals.ts';
import { isMerged, type Ticket } from '../ticket.ts';
import { isOpen, type Status } from '../vocabulary.ts';

export const applied = (...events: TicketEvent[]): Decision => ({ kind: 'applied', events });
export const refused = (code: RefusalCode, params: Refusal['params'] = {}): Decision => ({
  kind: 'refused',
  refusal: refusal(code, params),
});

/** Applied, and what moved meanwhile is told; plain `applied` when nothing did. */
export const withNotes = (notes: readonly MergeNote[], ...events: TicketEvent[]): Decision =>
  notes.length === 0 ? { kind: 'applied', events } : { kind: 'merged', events, notes };

/** What the command asks for is so already: the author is told who did it. What they typed with it is kept as a note. */
export function alreadySo(ticket: Ticket, field: string, value: MergeNote['value'], typed = ''): Decision {
  return {
    kind: 'merged',
    events: typed.trim() === '' ? [] : [{ type: 'noteAdded', visibility: 'internal', text: typed }],
    notes: [note(ticket, field, 'alreadySo', value, value)],
  };
}

/** Kept with both values until a person settles it; events that did fit go first. */
export function parked(
  type: string,
  conflicts: readonly Conflict[],
  ctx: DecideContext,
  ...events: TicketEvent[]
): Extract<Decision, { kind: 'parked' }> {
  const claim = {
    commandId: ctx.commandId,
    type,
    by: ctx.actor.personId,
    at: ctx.times.occurredAt,
    conflicts: [...conflicts],
  };
  return { kind: 'parked', events: [...events, { type: 'claimParked', claim }], conflicts };
}

/** What came without the right is kept whole, on the ticket where there is one, for a supervisor to judge. */
export function keptForSupervisor(ticket: Ticket | null, command: Command, ctx: DecideContext): Decision {
  const content: Conflict = {
    field: command.type,
    theirs: null,
    mine: JSON.stringify(command.payload),
    theirsBy: null,
    theirsAt: null,
  };
  return ticket === null ? { kind: 'parked', events: [], conflicts: [content] } : parked(command.type, [content], ctx);
}

export function conflictOn(
  ticket: Ticket,
  field: string,
  theirs: Conflict['theirs'],
  mine: Conflict['mine'],
): Conflict {
  const { by, at } = whoSet(ticket, field, theirs);
  return { field, theirs, mine, theirsBy: by, theirsAt: at };
}

/** Author and time of a field's value; of one that nobody changed since, the registration's. */
function whoSet(ticket: Ticket, field: string, value: MergeNote['value']): Pick<MergeNote, 'by' | 'at'> {
  const last = ticket.lastChange[field];
  if (last !== undefined) return { by: last.by, at: last.at };
  return value === null ? { by: null, at: null } : { by: ticket.registeredBy, at: ticket.clocks.registeredAt };
}

/** Refusal of a claim on a ticket that is resolved, closed or cancelled. */
export const notOpen = (ticket: Ticket): Decision | null =>
  isOpen(ticket.status) ? null : refused('ticketNotOpen', { status: ticket.status });

/**
 * True when somebody else changed the field after the version that the author saw. A restored store counts versions anew, so of a
 * replay, and of an act whose author saw a version that the ticket does not have (yet), the time of the act must do: it decides what is
 * told, never what is done. Once the ticket has grown past that version nothing tells it from one of this epoch.
 */
export function movedSince(ticket: Ticket, field: string, ctx: DecideContext): boolean {
  const last = ticket.lastChange[field];
  if (last === undefined || last.by === ctx.actor.personId) return false;
  const seen = ctx.seenVersion;
  if (isReplay(ctx) || (seen !== null && seen > ticket.version)) return last.at > ctx.times.occurredAt;
  return seen !== null && last.version > seen;
}

function note(
  ticket: Ticket,
  field: string,
  code: MergeNote['code'],
  value: MergeNote['value'],
  mine?: MergeNote['value'],
): MergeNote {
  return { code, ...whoSet(ticket, field, value), value, field, ...(mine === undefined ? {} : { mine }) };
}

/** What a move sets: told beside what it met. A fact sets none of them. */
type Moves = { readonly assigneeId?: string | null; readonly teamId?: string };

/** What the author of a fact, or of a move of the ticket, must be told: "reassigned while you were offline; it was kept". */
export function factNotes(ticket: Ticket, ctx: DecideContext, mine: Moves = {}): MergeNote[] {
  const notes: MergeNote[] = [];
  if (isMerged(ticket)) {
    if (movedSince(ticket, 'mergedInto', ctx))
      notes.push(note(ticket, 'mergedInto', 'ticketMerged', ticket.mergedInto));
  } else if (!isOpen(ticket.status) && movedSince(ticket, 'status', ctx)) {
    notes.push(note(ticket, 'status', 'ticketNotOpen', ticket.status));
  }
  if (movedSince(ticket, 'assigneeId', ctx))
    notes.push(note(ticket, 'assigneeId', 'assigneeMoved', ticket.assigneeId, mine.assigneeId));
  if (movedSince(ticket, 'teamId', ctx)) notes.push(note(ticket, 'teamId', 'teamMoved', ticket.teamId, mine.teamId));
  return notes;
}

/** A value of somebody else that the command sets again: theirs stays in the timeline. */
export const replacedNote = (ticket: Ticket, field: string, value: MergeNote['value'], mine: MergeNote['value']) =>
  note(ticket, field, 'valueReplaced', value, mine);

/** The status that a command met is not the one that its author saw: told beside what the command sets. */
export function statusNote(ticket: Ticket, mine: Status, pendingReason: Ticket['pendingReason'] = null): MergeNote {
  return ticket.status === 'pending' && mine === 'pending'
    ? { ...note(ticket, 'status', 'statusMoved', ticket.pendingReason, pendingReason), field: 'pendingReason' }
    : note(ticket, 'status', 'statusMoved', ticket.status, mine);
}

/** What the author of a claim that sets the status is told: whatever moved since they looked, with both values. */
export function moveNotes(ticket: Ticket, ctx: DecideContext, status: Status, mine: Moves = {}): MergeNote[] {
  const { lastChange } = ticket;
  // Taking, giving and moving a ticket stamp its status too: that one is told by who has it.
  const byItself = lastChange['status']?.version !== lastChange['assigneeId']?.version;
  const moved = movedSince(ticket, 'status', ctx) && byItself;
  const facts = factNotes(ticket, ctx, mine).filter((note) => !moved || note.code !== 'ticketNotOpen');
  return moved ? [statusNote(ticket, status), ...facts] : facts;
}

/** The person may be given tickets of the team. An import writes what the source log says. */
export function memberRefusal(personId: string, teamId: string, ctx: DecideContext): Decision | null {
  const person = ctx.directory.person(personId);
  if (person === null) return refused('personUnknown', { person: personId });
  if (ctx.actor.mayImport) return null;
  if (!person.agent || !person.active || !ctx.directory.isMember(personId, teamId)) {
    return refused('notAMember', { person: personId, team: teamId });
  }
  return null;
}
