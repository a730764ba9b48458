import type { Command } from '../commands.ts';
import type { Conflict, DecideContext, Decision, MergeNote } from '../decision.ts';
import type { TicketEvent } from '../events.ts';
import { type Refusal, type RefusalCode, refusal } from '../refusals.ts';
import type { Ticket } from '../ticket.ts';
import { isOpen } from '../vocabulary.ts';

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
  const last = ticket.lastChange[field];
  return {
    kind: 'merged',
    events: typed.trim() === '' ? [] : [{ type: 'noteAdded', visibility: 'internal', text: typed }],
    notes: [{ code: 'alreadySo', by: last?.by ?? null, at: last?.at ?? null, value }],
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
  const last = ticket.lastChange[field];
  return { field, theirs, mine, theirsBy: last?.by ?? null, theirsAt: last?.at ?? null };
}

/** Refusal of a claim on a ticket that is resolved, closed or cancelled. */
export const notOpen = (ticket: Ticket): Decision | null =>
  isOpen(ticket.status) ? null : refused('ticketNotOpen', { status: ticket.status });

/** True when somebody else changed the field after the version that the author saw. */
export function movedSince(ticket: Ticket, field: string, ctx: DecideContext): boolean {
  const last = ticket.lastChange[field];
  return (
    ctx.seenVersion !== null && last !== undefined && last.version > ctx.seenVersion && last.by !== ctx.actor.personId
  );
}

function note(ticket: Ticket, field: string, code: MergeNote['code'], value: MergeNote['value']): MergeNote {
  const last = ticket.lastChange[field];
  return { code, by: last?.by ?? null, at: last?.at ?? null, value };
}

/** What the author of a fact, or of a move of the ticket, must be told: "reassigned while you were offline; it was kept". */
export function factNotes(ticket: Ticket, ctx: DecideContext): MergeNote[] {
  const notes: MergeNote[] = [];
  if (!isOpen(ticket.status) && movedSince(ticket, 'status', ctx))
    notes.push(note(ticket, 'status', 'ticketNotOpen', ticket.status));
  if (movedSince(ticket, 'assigneeId', ctx)) notes.push(note(ticket, 'assigneeId', 'assigneeMoved', ticket.assigneeId));
  if (movedSince(ticket, 'teamId', ctx)) notes.push(note(ticket, 'teamId', 'teamMoved', ticket.teamId));
  return notes;
}

export const statusNote = (ticket: Ticket): MergeNote => note(ticket, 'status', 'statusMoved', ticket.status);

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
