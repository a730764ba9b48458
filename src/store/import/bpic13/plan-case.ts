import { deriveTimes } from '../../../domain/act-times.ts';
import type { Command } from '../../../domain/commands.ts';
import { defaultDeskSettings } from '../../../domain/desk-settings.ts';
import type { DirectoryLookup } from '../../../domain/directory.ts';
import { toBase32 } from '../../../domain/numbering.ts';
import type { Actor } from '../../../domain/permissions.ts';
import { runCommand } from '../../../domain/run-command.ts';
import { awaitsAcceptance, type Ticket } from '../../../domain/ticket.ts';
import { isOpen } from '../../../domain/vocabulary.ts';
import { teamKey } from './directory.ts';
import { impactOf, importId, statusText, type Target, targetOf, words } from './mapping.ts';
import type { LogCase, LogRow } from './read-log.ts';

export interface PlannedCommand {
  readonly id: string;
  readonly ticketId: string;
  /** Person of the log who acted, and when by the log's clock. */
  readonly personId: string;
  readonly at: number;
  /** Order over the whole log: never goes back within a case. */
  readonly sortAt: number;
  readonly command: Command;
}
/** What a row became, for the report: nothing of the log is dropped in silence. */
export interface CaseTally {
  reopened: number;
  /** Reopened after a row whose status has no counterpart: not an adjacent pair of the log. */
  reopenedAfterUnmapped: number;
  reopenedForMove: number;
  regrouped: number;
  unchanged: number;
  unmapped: number;
  approximated: number;
  repeatedCompletion: number;
  refused: { readonly row: number; readonly command: string; readonly code: string }[];
}
export const emptyTally = (): CaseTally => ({
  reopened: 0,
  reopenedAfterUnmapped: 0,
  reopenedForMove: 0,
  regrouped: 0,
  unchanged: 0,
  unmapped: 0,
  approximated: 0,
  repeatedCompletion: 0,
  refused: [],
});

interface Planner {
  readonly fileHash: string;
  readonly directory: DirectoryLookup;
  readonly importerId: string;
}

/**
 * One case of the log as the commands that its people would have given. The domain itself runs along, so that each row asks
 * only for what the ticket does not have yet.
 */
export function planCase(planner: Planner, source: LogCase, caseIndex: number, tally: CaseTally): PlannedCommand[] {
  const { fileHash } = planner;
  const id = (...parts: (string | number)[]) => importId(fileHash, ...parts);
  const ticketId = id('case', source.id);
  const planned: PlannedCommand[] = [];
  let ticket: Ticket | null = null;
  let sortAt = Number.NEGATIVE_INFINITY;

  const act = (row: LogRow, index: number, command: Command): void => {
    const commandId = id('command', source.id, index, planned.length);
    const personId = id('person', row.resource);
    const run = runCommand(ticket, ticketId, command, {
      commandId,
      actor: importActor(personId, planner.importerId),
      times: deriveTimes({ deviceAt: row.timestamp, lastOffset: null }, null, row.timestamp),
      directory: planner.directory,
      settings: defaultDeskSettings,
      officialNumber: null,
      seenVersion: null,
      problemExists: () => false,
    });
    if (run.decision.kind === 'refused') {
      tally.refused.push({ row: index, command: command.type, code: run.decision.refusal.code });
      return;
    }
    ticket = run.ticket;
    planned.push({ id: commandId, ticketId, personId, at: row.timestamp, sortAt, command });
  };

  source.rows.forEach((row, index) => {
    sortAt = Math.max(sortAt, row.timestamp);
    const before = planned.length;
    const previous = source.rows[index - 1];
    if (previous === undefined) act(row, index, registration(row, source.id, caseIndex, id));
    else
      moveTo(
        row,
        previous,
        tally,
        id,
        () => ticket,
        (command) => act(row, index, command),
      );
    settle(
      targetOf(row),
      row,
      id('person', row.resource),
      tally,
      () => ticket,
      (command) => act(row, index, command),
    );
    if (planned.length === before) {
      if (previous !== undefined && sameButTime(previous, row)) tally.unchanged++;
      else if (targetOf(row).kind !== 'unmapped') tally.repeatedCompletion++;
      // Kept as an event: the log says that somebody was there at that time.
      act(row, index, {
        type: 'addNote',
        payload: { visibility: 'internal', text: `${words.notInSource}: ${statusText(row)}` },
      });
    }
  });
  return planned;
}

export const importActor = (personId: string, importerId: string): Actor => ({
  personId,
  submitterId: importerId,
  role: 'service',
  grant: { personId, everything: true, siteIds: [], teamIds: [] },
  teamIds: [],
  mayImport: true,
  revoked: false,
});

type MakeId = (...parts: (string | number)[]) => string;
type Act = (command: Command) => void;

function registration(row: LogRow, caseId: string, caseIndex: number, id: MakeId): Command {
  const team = teamKey(row.group, row.line);
  return {
    type: 'register',
    payload: {
      provisionalCode: `BP-${toBase32(caseIndex, 3)}`,
      kind: 'incident',
      subKind: 'software',
      channel: 'other',
      mode: null,
      serviceId: id('service', row.product),
      requester: { unlisted: { name: words.noRequester, unit: '', site: '', extension: '' } },
      orgUnitId: null,
      siteId: id('site', row.org_country === '' ? '--' : row.org_country),
      subject: `${row.product}: caso ${caseId}`,
      description: `${words.notInSource}. Caso ${caseId}, producto ${row.product}, línea ${row.org_line}.`,
      ...impactOf(row),
      assetId: null,
      teamId: id('team', team),
      initialTier: row.line,
    },
  };
}

/** Tier and group first: a row says where the ticket is before it says how it is. */
function moveTo(
  row: LogRow,
  previous: LogRow,
  tally: CaseTally,
  id: MakeId,
  current: () => Ticket | null,
  act: Act,
): void {
  const toTeamId = id('team', teamKey(row.group, row.line));
  const moves = current()?.teamId !== toTeamId;
  const target = targetOf(row).kind;
  const completes = target === 'resolved' || target === 'closed' || target === 'cancelled';
  const ticket = current();
  if (ticket !== null && !isOpen(ticket.status)) {
    // An unmapped status alone does not reopen a completed case.
    if (!completes && target !== 'unmapped') {
      const adjacent = previous.status === 'Completed';
      if (adjacent) tally.reopened++;
      else tally.reopenedAfterUnmapped++;
      act({ type: 'reopen', payload: { reason: adjacent ? words.reopened : words.reopenedAfterUnmapped } });
    } else if (moves) {
      tally.reopenedForMove++;
      act({ type: 'reopen', payload: { reason: words.movedAfterCompletion } });
    }
  }
  if (row.line > previous.line) {
    const sheet = { tried: words.notInSource, found: words.notInSource, pending: '', device: '' };
    act({ type: 'escalate', payload: { toTeamId, toPersonId: null, sheet } });
  } else if (row.line < previous.line) {
    act({ type: 'return', payload: { toTeamId, reason: words.returned } });
  } else if (moves) {
    tally.regrouped++;
    act({ type: 'transfer', payload: { toTeamId, toPersonId: null, reason: words.regrouped } });
  }
}

/** Brings the ticket to the row's status, taking it for the row's resource where the status needs an owner. */
function settle(
  target: Target,
  row: LogRow,
  personId: string,
  tally: CaseTally,
  current: () => Ticket | null,
  act: Act,
): void {
  const ticket = current();
  if (ticket === null) return;
  const impact = impactOf(row).impact;
  if (ticket.impact !== impact && isOpen(ticket.status))
    act({ type: 'editFields', payload: { changes: { impact: { from: ticket.impact, to: impact } } } });
  switch (target.kind) {
    case 'unmapped':
      tally.unmapped++;
      return;
    case 'queued':
      if (ticket.assigneeId !== null)
        act({ type: 'reassign', payload: { fromPersonId: ticket.assigneeId, toPersonId: null, reason: '' } });
      return;
    case 'assigned':
    case 'inProgress':
      own(personId, current, act);
      become(target.kind, null, current, act);
      return;
    case 'pending':
      if (!target.exact) tally.approximated++;
      own(personId, current, act);
      become('pending', target.reason, current, act);
      return;
    case 'resolved':
      complete(personId, target.duringCall, current, act);
      return;
    case 'closed':
      complete(personId, false, current, act);
      if (current()?.status === 'resolved') act({ type: 'close', payload: {} });
      return;
    case 'cancelled':
      if (isOpen(ticket.status)) act({ type: 'cancel', payload: { reason: words.cancelled } });
      return;
  }
}

function own(personId: string, current: () => Ticket | null, act: Act): void {
  const ticket = current();
  if (ticket === null || !isOpen(ticket.status)) return;
  if (awaitsAcceptance(ticket) && ticket.assigneeId === null) act({ type: 'accept', payload: {} });
  else if (ticket.assigneeId === personId) return;
  else if (ticket.assigneeId === null) act({ type: 'claim', payload: {} });
  else act({ type: 'reassign', payload: { fromPersonId: ticket.assigneeId, toPersonId: personId, reason: '' } });
}

function become(
  status: 'assigned' | 'inProgress' | 'pending',
  reason: 'user' | 'vendor' | 'parts' | 'visit' | null,
  current: () => Ticket | null,
  act: Act,
): void {
  const ticket = current();
  if (ticket === null || !isOpen(ticket.status) || (ticket.status === status && ticket.pendingReason === reason))
    return;
  const from = ticket.status;
  if (from === 'resolved' || from === 'closed' || from === 'cancelled') return;
  act({ type: 'changeStatus', payload: { from, to: status, pendingReason: reason } });
}

function complete(personId: string, duringCall: boolean, current: () => Ticket | null, act: Act): void {
  const ticket = current();
  if (ticket === null || !isOpen(ticket.status)) return;
  if (ticket.assigneeId === null) own(personId, current, act);
  act({ type: 'resolve', payload: { solution: words.solution, duringCall } });
}

function sameButTime(a: LogRow, b: LogRow): boolean {
  return (Object.keys(a) as (keyof LogRow)[]).every((key) => key === 'timestamp' || a[key] === b[key]);
}
