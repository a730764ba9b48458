import { sameJson } from '../../shared/same-json.ts';
import type { CommandPayloads } from '../commands.ts';
import type { Conflict, DecideContext, Decision } from '../decision.ts';
import type { TicketEvent } from '../events.ts';
import { priorityOf } from '../priority.ts';
import type { Priority, Ticket } from '../ticket.ts';
import { missingFor, subKindFits } from './register.ts';
import { alreadySo, applied, conflictOn, parked, refused } from './support.ts';

type EditableField =
  | keyof CommandPayloads['editFields']['changes']
  | 'kind'
  | 'subKind'
  | 'mode'
  | 'assetId'
  | 'vendorCase'
  | 'problemId';
type Change = { readonly from: string | null; readonly to: string | null };
type Changes = Partial<Record<EditableField, Change>>;

/** Fields that the priority hangs on (R19). */
const priorityFields: readonly string[] = ['impact', 'urgency', 'serviceId', 'siteId'];

/** A closed ticket is history: its fields stand, until somebody reopens it. */
const frozen = (ticket: Ticket): Decision | null =>
  ticket.status === 'closed' || ticket.status === 'cancelled'
    ? refused('ticketNotOpen', { status: ticket.status })
    : null;

export function editFields(ticket: Ticket, p: CommandPayloads['editFields'], ctx: DecideContext): Decision {
  const { changes } = p;
  if (changes.subject?.to === '') return refused('subjectRequired');
  if (changes.siteId && ctx.directory.site(changes.siteId.to) === null)
    return refused('siteUnknown', { site: changes.siteId.to });
  if (changes.serviceId && changes.serviceId.to !== null && ctx.directory.service(changes.serviceId.to) === null)
    return refused('serviceUnknown');
  const missing = missingFor(
    ticket.kind,
    changes.serviceId ? changes.serviceId.to : ticket.serviceId,
    changes.description ? changes.description.to : ticket.description,
  );
  // Only what this edit takes away: an old ticket that never had it may still be edited.
  if (missing === 'serviceRequired' && changes.serviceId) return refused(missing);
  if (missing === 'descriptionRequired' && changes.description) return refused(missing);
  return compare(ticket, 'editFields', changes, ctx);
}

export function reclassify(ticket: Ticket, p: CommandPayloads['reclassify'], ctx: DecideContext): Decision {
  if (!subKindFits(p.kind.to, p.subKind.to)) return refused('subKindMismatch', { kind: p.kind.to });
  const missing = missingFor(p.kind.to, ticket.serviceId, ticket.description);
  if (missing !== null) return refused(missing);
  // One claim: a kind and a sub-kind of different authors would not fit each other.
  const fits = same(ticket.kind, p.kind) && same(ticket.subKind, p.subKind);
  return compare(ticket, 'reclassify', { kind: p.kind, subKind: p.subKind }, ctx, fits ? 'each' : 'together');
}

export const changeMode = (ticket: Ticket, p: CommandPayloads['changeMode'], ctx: DecideContext): Decision =>
  compare(ticket, 'changeMode', { mode: p.mode }, ctx);

export function setAsset(ticket: Ticket, p: CommandPayloads['setAsset'], ctx: DecideContext): Decision {
  if (p.assetId.to !== null && ctx.directory.asset(p.assetId.to) === null) return refused('assetUnknown');
  return compare(ticket, 'setAsset', { assetId: p.assetId }, ctx);
}

export const setVendorCase = (ticket: Ticket, p: CommandPayloads['setVendorCase'], ctx: DecideContext): Decision =>
  compare(ticket, 'setVendorCase', { vendorCase: p.vendorCase }, ctx);

/** R27: a problem is the cause of many tickets; a ticket points to at most one. */
export function linkProblem(ticket: Ticket, p: CommandPayloads['linkProblem'], ctx: DecideContext): Decision {
  const to = p.problemId.to;
  if (to !== null && (to === ticket.id || !ctx.problemExists(to))) return refused('problemUnknown');
  return compare(ticket, 'linkProblem', { problemId: p.problemId }, ctx);
}

export function linkRequester(ticket: Ticket, p: CommandPayloads['linkRequester'], ctx: DecideContext): Decision {
  if ('personId' in ticket.requester) {
    if (ticket.requester.personId === p.personId) return alreadySo(ticket, 'requester', p.personId);
    // Somebody linked another person: a claim on one value like any other. Else there never was anybody to link.
    return ticket.lastChange['requester'] === undefined
      ? refused('requesterListed')
      : parked('linkRequester', [conflictOn(ticket, 'requester', ticket.requester, { personId: p.personId })], ctx);
  }
  if (ctx.directory.person(p.personId) === null) return refused('personUnknown', { person: p.personId });
  const priority = movedPriority(ticket, { ...ticket, requester: { personId: p.personId } }, ctx);
  return applied({ type: 'requesterLinked', from: ticket.requester, personId: p.personId, ...priority });
}

const same = (current: string | null, change: Change): boolean => current === change.from || current === change.to;

/**
 * Field by field: applied where the current value is the author's `from`, nothing to do where it is the `to` already, parked
 * with both values where somebody else wrote a third one. `together`: one conflict parks every field.
 */
function compare(
  ticket: Ticket,
  type: string,
  changes: Changes,
  ctx: DecideContext,
  rule: 'each' | 'together' = 'each',
): Decision {
  const stop = frozen(ticket);
  if (stop !== null) return stop;
  const fits: { field: EditableField; from: string | null; to: string | null }[] = [];
  const conflicts: Conflict[] = [];
  for (const [name, change] of Object.entries(changes)) {
    const field = name as EditableField;
    const current = ticket[field];
    if (current === change.to) continue;
    if (current === change.from && rule === 'each') fits.push({ field, from: current, to: change.to });
    else conflicts.push(conflictOn(ticket, field, current, change.to));
  }
  const events: TicketEvent[] = [];
  if (fits.length > 0) {
    const next = { ...ticket, ...Object.fromEntries(fits.map(({ field, to }) => [field, to])) };
    const priority = fits.some(({ field }) => priorityFields.includes(field)) ? movedPriority(ticket, next, ctx) : {};
    events.push({ type: 'fieldsChanged', changes: fits, ...priority });
  }
  if (conflicts.length > 0) return parked(type, conflicts, ctx, ...events);
  if (events.length > 0) return applied(...events);
  const first = Object.keys(changes)[0] as EditableField;
  return alreadySo(ticket, first, ticket[first]);
}

function movedPriority(before: Ticket, after: Ticket, ctx: DecideContext): { priority?: Priority } {
  const priority = priorityOf(after, ctx.directory);
  return sameJson(priority, before.priority) ? {} : { priority };
}
