import { assert } from '../shared/assert.ts';
import { exhaustive } from '../shared/exhaustive.ts';
import type { EventOf, TimelineEntry } from './events.ts';
import type { Clocks, Handover, Ticket } from './ticket.ts';
import { isOpen, type Status } from './vocabulary.ts';

/**
 * Folds one entry into the ticket. Total and blind: whatever `decide` let through is folded, in store order, whatever the
 * times of the acts say. Durations are clamped at zero, since acts of two devices may be out of order (SY15).
 */
export function evolve(ticket: Ticket | null, entry: TimelineEntry): Ticket {
  const { event } = entry;
  if (event.type === 'registered') {
    assert(ticket === null, 'a ticket is registered once');
    return fresh(entry, event);
  }
  assert(ticket !== null, 'the first event of a ticket is its registration');
  return { ...ticket, ...changeOf(ticket, entry), ...stamped(ticket, entry) };
}

function fresh(entry: TimelineEntry, e: EventOf<'registered'>): Ticket {
  const at = entry.occurredAt;
  const { type: _type, importedAtTier: _tier, split, ...fields } = e;
  return {
    ...fields,
    id: entry.ticketId,
    status: 'new',
    pendingReason: null,
    assigneeId: null,
    handovers: [],
    vendorCase: null,
    problemId: null,
    solution: null,
    remoteSessions: [],
    parked: [],
    clocks: {
      registeredAt: at,
      // A call or a visit is answered as it is registered; a mail is not.
      firstResponseAt: e.channel === 'phone' || e.channel === 'inPerson' ? at : null,
      pendingSince: null,
      pausedMs: 0,
      resolvedAt: null,
      closedAt: null,
      reopenings: 0,
      escalations: 0,
      returns: 0,
      resolvedOnCall: false,
    },
    registeredBy: entry.actorId,
    lastChange: {},
    noteCount: 0,
    updatedAt: at,
    recordedAt: entry.recordedAt,
    version: entry.seq,
    ...(split === undefined ? {} : { splitFrom: split.fromTicketId }),
  };
}

const fieldsOf: Partial<Record<TimelineEntry['event']['type'], readonly string[]>> = {
  requesterLinked: ['requester'],
  claimed: ['assigneeId', 'status'],
  assigned: ['assigneeId', 'status'],
  reassigned: ['assigneeId', 'status'],
  transferred: ['teamId', 'assigneeId', 'status'],
  escalated: ['teamId', 'assigneeId', 'status'],
  accepted: ['assigneeId', 'status'],
  returned: ['teamId', 'assigneeId', 'status'],
  statusChanged: ['status'],
  resolved: ['status', 'solution'],
  reopened: ['status'],
  closed: ['status'],
  cancelled: ['status'],
  merged: ['mergedInto', 'status'],
  unmerged: ['mergedInto', 'status'],
  splitUndone: ['status'],
};

function stamped(
  ticket: Ticket,
  entry: TimelineEntry,
): Pick<Ticket, 'lastChange' | 'updatedAt' | 'recordedAt' | 'version'> {
  const { event } = entry;
  const fields =
    event.type === 'fieldsChanged' ? event.changes.map((change) => change.field) : (fieldsOf[event.type] ?? []);
  const stamp = { by: entry.actorId, at: entry.occurredAt, version: entry.seq };
  return {
    lastChange:
      fields.length === 0
        ? ticket.lastChange
        : { ...ticket.lastChange, ...Object.fromEntries(fields.map((field) => [field, stamp])) },
    updatedAt: Math.max(ticket.updatedAt, entry.occurredAt),
    recordedAt: entry.recordedAt,
    version: entry.seq,
  };
}

function changeOf(ticket: Ticket, entry: TimelineEntry): Partial<Ticket> {
  const { event: e, occurredAt: at } = entry;
  switch (e.type) {
    case 'registered':
      return {};
    case 'fieldsChanged':
      return {
        ...Object.fromEntries(e.changes.map(({ field, to }) => [field, to])),
        ...(e.priority ? { priority: e.priority } : {}),
      };
    case 'requesterLinked':
      return { requester: { personId: e.personId }, ...(e.priority ? { priority: e.priority } : {}) };
    case 'noteAdded':
      return {
        noteCount: ticket.noteCount + 1,
        clocks: e.visibility === 'public' ? responded(ticket.clocks, at) : ticket.clocks,
      };
    case 'claimed':
    case 'assigned':
      return { assigneeId: e.assigneeId, status: taken(ticket.status), handovers: accepted(ticket) };
    case 'reassigned':
      return e.assigneeId === null
        ? { assigneeId: null, ...movedTo(ticket, ticket.handovers.length === 0 ? 'new' : 'assigned', at) }
        : { assigneeId: e.assigneeId, status: taken(ticket.status), handovers: accepted(ticket) };
    case 'transferred':
      return {
        teamId: e.teamId,
        assigneeId: e.assigneeId,
        handovers: replaceLast(ticket.handovers, (step) => ({ ...step, toTeamId: e.teamId, toPersonId: e.assigneeId })),
        ...movedTo(ticket, e.assigneeId === null && ticket.handovers.length === 0 ? 'new' : 'assigned', at),
      };
    case 'escalated':
      return {
        tier: e.toTier,
        teamId: e.toTeamId,
        assigneeId: e.toPersonId,
        handovers: [...ticket.handovers, handoverOf(entry, e)],
        ...movedTo(ticket, 'assigned', at, { escalations: ticket.clocks.escalations + 1 }),
      };
    case 'accepted':
      return { assigneeId: e.assigneeId, handovers: accepted(ticket), status: taken(ticket.status) };
    case 'returned': {
      const handovers = ticket.handovers.filter((step) => step.toTier <= e.toTier);
      return {
        tier: e.toTier,
        teamId: e.toTeamId,
        assigneeId: e.assigneeId,
        handovers,
        ...movedTo(ticket, e.assigneeId === null && handovers.length === 0 ? 'new' : 'assigned', at, {
          returns: ticket.clocks.returns + 1,
        }),
      };
    }
    case 'statusChanged':
      return { ...movedTo(ticket, e.status, at), pendingReason: e.pendingReason };
    case 'resolved':
      return {
        solution: e.solution,
        ...movedTo(ticket, 'resolved', at, {
          resolvedAt: at,
          resolvedOnCall: e.duringCall,
          firstResponseAt: ticket.clocks.firstResponseAt ?? at,
        }),
      };
    case 'reopened':
      return {
        ...movedTo(ticket, e.status, at, {
          resolvedAt: null,
          closedAt: null,
          resolvedOnCall: false,
          reopenings: ticket.clocks.reopenings + 1,
          pausedMs: ticket.clocks.pausedMs + elapsed(ticket.clocks.resolvedAt ?? ticket.clocks.closedAt, at),
        }),
        ...(ticket.splitUndone === undefined ? {} : { splitUndone: false }),
      };
    case 'closed':
    case 'cancelled':
      return movedTo(ticket, e.type, at, { closedAt: at });
    case 'merged': {
      const { pendingSince, pausedMs } = ticket.clocks;
      return {
        mergedInto: e.intoTicketId,
        beforeMerge: { status: ticket.status, pendingReason: ticket.pendingReason, pendingSince, pausedMs },
        ...movedTo(ticket, 'closed', at, { closedAt: at }),
      };
    }
    case 'unmerged':
      return unmerged(ticket, e, at);
    case 'splitUndone':
      return { splitUndone: true, ...movedTo(ticket, 'cancelled', at, { closedAt: at }) };
    case 'remoteSessionStarted':
      return {
        mode: ticket.mode ?? 'remote',
        clocks: responded(ticket.clocks, at),
        remoteSessions: [
          ...ticket.remoteSessions,
          { id: e.sessionId, tool: e.tool, assetId: e.assetId, by: entry.actorId, startedAt: at },
        ],
      };
    case 'remoteSessionEnded':
      return { remoteSessions: ticket.remoteSessions.filter((session) => session.id !== e.sessionId) };
    case 'visitRecorded':
      return { mode: ticket.mode ?? 'onsite', clocks: responded(ticket.clocks, Math.min(at, e.arrivedAt)) };
    case 'attachmentAdded': {
      const held = ticket.attachments ?? NO_ATTACHMENTS;
      return { attachments: { count: held.count + 1, bytes: held.bytes + e.size, waiting: held.waiting + 1 } };
    }
    case 'attachmentArrived': {
      const held = ticket.attachments ?? NO_ATTACHMENTS;
      return { attachments: { ...held, waiting: Math.max(0, held.waiting - 1) } };
    }
    case 'claimParked':
      return { parked: [...ticket.parked, e.claim] };
    case 'parkedSettled':
      return { parked: ticket.parked.filter((claim) => claim.commandId !== e.commandId) };
    default:
      return exhaustive(e);
  }
}

const NO_ATTACHMENTS = { count: 0, bytes: 0, waiting: 0 };
const elapsed = (from: number | null, to: number): number => (from === null ? 0 : Math.max(0, to - from));
const responded = (clocks: Clocks, at: number): Clocks =>
  clocks.firstResponseAt === null ? { ...clocks, firstResponseAt: at } : clocks;
/** A new ticket becomes assigned; work under way stays what it was. */
const taken = (status: Status): Status => (status === 'new' ? 'assigned' : status);

/** Leaving `pending` closes its interval; the reason goes with it. */
function movedTo(ticket: Ticket, status: Status, at: number, clocks: Partial<Clocks> = {}): Partial<Ticket> {
  const { pendingSince, pausedMs } = ticket.clocks;
  const paused = status === 'pending' ? pausedMs : pausedMs + elapsed(pendingSince, at);
  return {
    status,
    pendingReason: status === 'pending' ? ticket.pendingReason : null,
    clocks: {
      ...ticket.clocks,
      pausedMs: paused,
      pendingSince: status === 'pending' ? (pendingSince ?? at) : null,
      ...clocks,
    },
  };
}

/**
 * As it was before the merge. Its clock stood still meanwhile: a wait goes on, a resolution stays where it was, and work that
 * was under way counts the time as paused.
 */
function unmerged(ticket: Ticket, e: EventOf<'unmerged'>, at: number): Partial<Ticket> {
  const before = ticket.beforeMerge ?? { pendingSince: null, pausedMs: ticket.clocks.pausedMs };
  const stood = isOpen(e.status) && before.pendingSince === null ? elapsed(ticket.clocks.closedAt, at) : 0;
  return {
    mergedInto: null,
    beforeMerge: null,
    status: e.status,
    pendingReason: e.pendingReason,
    clocks: {
      ...ticket.clocks,
      closedAt: null,
      pendingSince: before.pendingSince,
      pausedMs: before.pausedMs + stood,
    },
  };
}

function handoverOf(entry: TimelineEntry, e: EventOf<'escalated'>): Handover {
  return {
    state: 'offered',
    commandId: entry.commandId,
    fromTeamId: e.fromTeamId,
    fromTier: e.fromTier,
    fromAssigneeId: e.fromAssigneeId,
    toTeamId: e.toTeamId,
    toTier: e.toTier,
    toPersonId: e.toPersonId,
    sheet: e.sheet,
    by: entry.actorId,
    at: entry.occurredAt,
  };
}

function replaceLast(handovers: readonly Handover[], change: (step: Handover) => Handover): Handover[] {
  const last = handovers.at(-1);
  return last === undefined ? [] : [...handovers.slice(0, -1), change(last)];
}

/** Whoever is given the ticket has it: the current handover is no longer an offer. */
const accepted = (ticket: Ticket): Handover[] =>
  replaceLast(ticket.handovers, (step) => ({ ...step, state: 'accepted' }));
