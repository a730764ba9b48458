import type { Command, CommandType } from '../../src/domain/commands.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import {
  accepted,
  actors,
  attachment,
  call,
  claimed,
  escalated,
  ids,
  merged,
  other,
  registered,
  resolved,
  run,
  splitOff,
  ticketAfter,
  ticketWith,
  uuid,
} from '../support/world.ts';

/**
 * The table of docs/spec/commands.md, computed: one row a command, one column a situation that it may meet at the store.
 * Cells: the verdict, and the code of a refusal or of what the author is told.
 */
export const situations = [
  'fits',
  'already so',
  'changed meanwhile',
  'ticket closed',
  'no right',
  'out of scope',
  'revoked',
] as const;
type Situation = (typeof situations)[number];
interface Case {
  readonly ticket: Ticket | null;
  readonly actor: Actor;
  readonly command: Command;
  readonly seenVersion?: number;
  readonly others?: readonly Ticket[];
}
type Row = Partial<Record<Situation, Case>>;

const { ana, beto, hugo, luis, sofia, auditor } = actors;
const fresh = ticketAfter([ana, registered]);
const mine = ticketAfter([ana, registered], [ana, claimed]);
const others = ticketAfter([ana, registered], [beto, claimed]);
const offered = ticketAfter([ana, registered], [ana, claimed], [ana, escalated]);
const taken = ticketAfter([ana, registered], [ana, claimed], [ana, escalated], [luis, accepted]);
const solved = ticketAfter([ana, registered], [ana, claimed], [ana, resolved]);
const closed = ticketAfter([ana, registered], [ana, claimed], [ana, resolved], [ana, { type: 'close', payload: {} }]);
const closedByOther = ticketAfter(
  [ana, registered],
  [ana, claimed],
  [sofia, resolved],
  [sofia, { type: 'close', payload: {} }],
);
const session = {
  sessionId: uuid(500),
  tool: 'rustdesk',
  assetId: ids.pc,
  target: '123456789',
  consent: 'verbal',
} as const;
const inSession = ticketAfter([ana, registered], [ana, { type: 'startRemoteSession', payload: session }]);
const moved = ticketAfter(
  [ana, registered],
  [ana, claimed],
  [sofia, { type: 'reassign', payload: { fromPersonId: ids.ana, toPersonId: ids.beto, reason: 'Turno' } }],
);
const edited = ticketAfter(
  [ana, registered],
  [beto, { type: 'editFields', payload: { changes: { subject: { from: call.subject, to: 'Otro asunto' } } } }],
);
const otherKind = ticketAfter(
  [ana, registered],
  [
    beto,
    {
      type: 'reclassify',
      payload: { kind: { from: 'incident', to: 'problem' }, subKind: { from: 'software', to: null } },
    },
  ],
);
const otherSolution = ticketAfter(
  [ana, registered],
  [ana, claimed],
  [sofia, { type: 'resolve', payload: { solution: 'Otra causa', duringCall: false } }],
);
const waiting = ticketAfter(
  [ana, registered],
  [ana, claimed],
  [ana, { type: 'changeStatus', payload: { from: 'assigned', to: 'pending', pendingReason: 'user' } }],
);
const unlisted = ticketAfter([
  ana,
  {
    type: 'register',
    payload: { ...call, requester: { unlisted: { name: 'Visitante', unit: '', site: '', extension: '' } } },
  },
]);
const withParked = ticketAfter(
  [ana, registered],
  [beto, { type: 'editFields', payload: { changes: { subject: { from: call.subject, to: 'Otro asunto' } } } }],
  [ana, { type: 'editFields', payload: { changes: { subject: { from: call.subject, to: 'Mi asunto' } } } }],
);
const parkedId = withParked.parked[0]?.commandId ?? '';

function field(command: Command, to: Command, changed: Ticket | null): Row {
  const done = ticketAfter([ana, registered], [ana, command]);
  return {
    fits: { ticket: fresh, actor: ana, command },
    'already so': { ticket: done, actor: ana, command },
    ...(changed === null ? {} : { 'changed meanwhile': { ticket: changed, actor: ana, command: to } }),
    'ticket closed': { ticket: closed, actor: ana, command },
    'no right': { ticket: fresh, actor: auditor, command },
    'out of scope': { ticket: fresh, actor: hugo, command },
    revoked: { ticket: fresh, actor: ana, command },
  };
}
function fact(command: Command, before: Ticket = fresh): Row {
  return {
    fits: { ticket: before, actor: ana, command },
    'changed meanwhile': {
      ticket: before === fresh ? moved : before,
      actor: ana,
      command,
      ...(before === fresh ? { seenVersion: 2 } : {}),
    },
    'ticket closed': {
      ticket: before === fresh ? closedByOther : before,
      actor: ana,
      command,
      ...(before === fresh ? { seenVersion: 2 } : {}),
    },
    'no right': { ticket: before, actor: auditor, command },
    'out of scope': { ticket: before, actor: hugo, command },
    revoked: { ticket: before, actor: ana, command },
  };
}
const claim = (type: 'claim' | 'accept'): Command => ({ type, payload: {} });
const status: Command = { type: 'changeStatus', payload: { from: 'assigned', to: 'pending', pendingReason: 'user' } };
const start: Command = { type: 'changeStatus', payload: { from: 'assigned', to: 'inProgress', pendingReason: null } };
const assign: Command = { type: 'assign', payload: { toPersonId: ids.beto } };
const reassign: Command = { type: 'reassign', payload: { fromPersonId: ids.ana, toPersonId: ids.beto, reason: '' } };
const transfer: Command = { type: 'transfer', payload: { toTeamId: ids.team1b, toPersonId: null, reason: '' } };
const transferred = ticketAfter([ana, registered], [ana, transfer]);
const back: Command = { type: 'return', payload: { reason: 'Falta el dato', toTeamId: null } };
const backToTeam: Command = { type: 'return', payload: { reason: 'Falta el dato', toTeamId: ids.team1 } };
const close: Command = { type: 'close', payload: {} };
const cancel: Command = { type: 'cancel', payload: { reason: 'Duplicado' } };
const cancelled = ticketAfter([ana, registered], [ana, cancel]);
const reopen: Command = { type: 'reopen', payload: { reason: 'Volvió a fallar' } };
const settle: Command = { type: 'settleParked', payload: { commandId: parkedId, note: '' } };
const blocked = (command: Command, ticket: Ticket): Row => ({
  'ticket closed': { ticket: closed, actor: ana, command },
  'no right': { ticket, actor: auditor, command },
  'out of scope': { ticket: fresh, actor: hugo, command },
  revoked: { ticket, actor: ana, command },
});
const subject = (to: string): Command => ({
  type: 'editFields',
  payload: { changes: { subject: { from: call.subject, to } } },
});
const kindTo = (to: 'request' | 'problem'): Command => ({
  type: 'reclassify',
  payload: { kind: { from: 'incident', to }, subKind: { from: 'software', to: null } },
});
const modeTo = (to: 'remote' | 'onsite'): Command => ({ type: 'changeMode', payload: { mode: { from: 'phone', to } } });
const assetTo = (to: string | null): Command => ({
  type: 'setAsset',
  payload: { assetId: { from: to === null ? ids.pc : null, to } },
});
const vendor = (to: string): Command => ({ type: 'setVendorCase', payload: { vendorCase: { from: null, to } } });
const problem: Command = { type: 'linkProblem', payload: { problemId: { from: null, to: ids.problem } } };
const link: Command = { type: 'linkRequester', payload: { personId: ids.clerk } };

const unmerge: Command = { type: 'unmerge', payload: { fromTicketId: ids.other, reason: 'Eran dos' } };
const duplicate = ticketAfter([ana, registered], [ana, merged]);
const third = ticketWith({ id: uuid(103), others: [] }, [beto, registered]);
const elsewhere = ticketWith(
  { others: [third] },
  [ana, registered],
  [beto, { type: 'merge', payload: { intoTicketId: third.id } }],
);
const apart = ticketAfter([ana, registered], [ana, merged], [beto, unmerge]);
const part = ticketAfter([ana, splitOff]);
const undoSplit: Command = { type: 'undoSplit', payload: { reason: 'Era lo mismo' } };
const otherMerged = ticketWith(
  { id: ids.other, others: [third] },
  [beto, registered],
  [beto, { type: 'merge', payload: { intoTicketId: third.id } }],
);

export const rows: Record<CommandType, Row> = {
  register: {
    fits: { ticket: null, actor: ana, command: registered },
    'already so': { ticket: fresh, actor: ana, command: registered },
    'no right': { ticket: null, actor: auditor, command: registered },
    'out of scope': { ticket: null, actor: hugo, command: registered },
    revoked: { ticket: null, actor: ana, command: registered },
  },
  addNote: fact({ type: 'addNote', payload: { visibility: 'internal', text: 'Probé otro cable' } }),
  startRemoteSession: fact({ type: 'startRemoteSession', payload: session }),
  endRemoteSession: fact(
    { type: 'endRemoteSession', payload: { sessionId: session.sessionId, outcome: 'solved', note: '' } },
    inSession,
  ),
  recordVisit: fact({ type: 'recordVisit', payload: { arrivedAt: 1, leftAt: 2, text: '' } }),
  addAttachment: fact({ type: 'addAttachment', payload: attachment }),
  editFields: field(subject('Mi asunto'), subject('Mi asunto'), edited),
  reclassify: field(kindTo('problem'), kindTo('request'), otherKind),
  changeMode: field(modeTo('remote'), modeTo('remote'), ticketAfter([ana, registered], [beto, modeTo('onsite')])),
  setAsset: field(assetTo(null), { type: 'setAsset', payload: { assetId: { from: null, to: ids.pc } } }, null),
  setVendorCase: field(vendor('INC-1'), vendor('INC-1'), ticketAfter([ana, registered], [beto, vendor('INC-2')])),
  linkProblem: field(problem, problem, null),
  linkRequester: {
    fits: { ticket: unlisted, actor: ana, command: link },
    'already so': { ticket: fresh, actor: ana, command: link },
    'changed meanwhile': {
      ticket: fresh,
      actor: ana,
      command: { type: 'linkRequester', payload: { personId: ids.director } },
    },
    'no right': { ticket: unlisted, actor: auditor, command: link },
    'out of scope': { ticket: unlisted, actor: hugo, command: link },
    revoked: { ticket: unlisted, actor: ana, command: link },
  },
  claim: {
    fits: { ticket: fresh, actor: ana, command: claim('claim') },
    'already so': { ticket: mine, actor: ana, command: claim('claim') },
    'changed meanwhile': { ticket: others, actor: ana, command: claim('claim') },
    ...blocked(claim('claim'), fresh),
  },
  assign: {
    fits: { ticket: fresh, actor: sofia, command: assign },
    'already so': { ticket: others, actor: sofia, command: assign },
    'changed meanwhile': { ticket: mine, actor: sofia, command: assign },
    ...blocked(assign, fresh),
  },
  reassign: {
    fits: { ticket: mine, actor: sofia, command: reassign },
    'already so': { ticket: others, actor: sofia, command: reassign },
    'changed meanwhile': { ticket: fresh, actor: sofia, command: reassign },
    ...blocked(reassign, mine),
  },
  transfer: {
    fits: { ticket: fresh, actor: ana, command: transfer },
    'already so': { ticket: transferred, actor: hugo, command: transfer },
    'changed meanwhile': { ticket: offered, actor: sofia, command: transfer },
    ...blocked(transfer, fresh),
  },
  escalate: {
    fits: { ticket: fresh, actor: ana, command: escalated },
    'changed meanwhile': { ticket: offered, actor: ana, command: escalated },
    ...blocked(escalated, fresh),
  },
  accept: {
    fits: { ticket: offered, actor: luis, command: claim('accept') },
    'already so': { ticket: taken, actor: luis, command: claim('accept') },
    'changed meanwhile': { ticket: mine, actor: ana, command: claim('accept') },
    ...blocked(claim('accept'), offered),
  },
  return: {
    fits: { ticket: offered, actor: luis, command: back },
    'changed meanwhile': { ticket: mine, actor: ana, command: backToTeam },
    ...blocked(back, offered),
  },
  changeStatus: {
    fits: { ticket: mine, actor: ana, command: status },
    'already so': { ticket: waiting, actor: ana, command: status },
    'changed meanwhile': { ticket: waiting, actor: ana, command: start },
    ...blocked(status, mine),
  },
  resolve: {
    fits: { ticket: mine, actor: ana, command: resolved },
    'already so': { ticket: solved, actor: ana, command: resolved },
    'changed meanwhile': { ticket: otherSolution, actor: ana, command: resolved },
    ...blocked(resolved, mine),
  },
  reopen: {
    fits: { ticket: solved, actor: ana, command: reopen },
    'changed meanwhile': { ticket: mine, actor: ana, command: reopen },
    ...blocked(reopen, solved),
  },
  close: {
    fits: { ticket: solved, actor: ana, command: close },
    'changed meanwhile': { ticket: mine, actor: ana, command: close },
    ...blocked(close, solved),
  },
  cancel: {
    fits: { ticket: fresh, actor: ana, command: cancel },
    'already so': { ticket: cancelled, actor: ana, command: cancel },
    'changed meanwhile': { ticket: solved, actor: ana, command: cancel },
    ...blocked(cancel, fresh),
  },
  merge: {
    fits: { ticket: fresh, actor: ana, command: merged },
    'already so': { ticket: duplicate, actor: ana, command: merged },
    'changed meanwhile': { ticket: fresh, actor: ana, command: merged, others: [otherMerged] },
    ...blocked(merged, fresh),
  },
  unmerge: {
    fits: { ticket: duplicate, actor: ana, command: unmerge },
    'already so': { ticket: apart, actor: ana, command: unmerge },
    'changed meanwhile': { ticket: elsewhere, actor: ana, command: unmerge },
    'no right': { ticket: duplicate, actor: auditor, command: unmerge },
    'out of scope': { ticket: duplicate, actor: hugo, command: unmerge },
    revoked: { ticket: duplicate, actor: ana, command: unmerge },
  },
  split: {
    fits: { ticket: null, actor: ana, command: splitOff },
    'already so': { ticket: part, actor: ana, command: splitOff },
    'changed meanwhile': { ticket: null, actor: ana, command: splitOff, others: [otherMerged] },
    'ticket closed': { ticket: null, actor: ana, command: splitOff, others: [{ ...closed, id: ids.other }] },
    'no right': { ticket: null, actor: auditor, command: splitOff },
    'out of scope': { ticket: null, actor: hugo, command: splitOff },
    revoked: { ticket: null, actor: ana, command: splitOff },
  },
  undoSplit: {
    fits: { ticket: part, actor: ana, command: undoSplit },
    'already so': { ticket: ticketAfter([ana, splitOff], [beto, undoSplit]), actor: ana, command: undoSplit },
    'changed meanwhile': {
      ticket: ticketAfter([ana, splitOff], [beto, claimed]),
      actor: ana,
      command: undoSplit,
      seenVersion: 1,
    },
    'ticket closed': {
      ticket: ticketAfter([ana, splitOff], [ana, claimed], [ana, resolved], [ana, close]),
      actor: ana,
      command: undoSplit,
    },
    'no right': { ticket: part, actor: auditor, command: undoSplit },
    'out of scope': { ticket: part, actor: hugo, command: undoSplit },
    revoked: { ticket: part, actor: ana, command: undoSplit },
  },
  settleParked: {
    fits: { ticket: withParked, actor: ana, command: settle },
    'changed meanwhile': { ticket: fresh, actor: ana, command: settle },
    ...blocked(settle, withParked),
  },
};

function outcome(situation: Situation, { ticket, actor, command, seenVersion, others }: Case): string {
  const result = run(ticket, actor, command, {
    others: others ?? [other()],
    revoked: situation === 'revoked',
    seenVersion: seenVersion ?? null,
    at: 1_800_000_000_000,
  });
  const { verdict } = result;
  switch (verdict.kind) {
    case 'applied':
      return result.entries.some((entry) => entry.outOfScope) ? 'applied, flagged' : 'applied';
    case 'merged':
      return `merged: ${verdict.notes.map((note) => note.code).join(', ')}`;
    case 'parked':
      return 'parked';
    case 'refused':
      return `refused: ${verdict.refusal.code}`;
  }
}

/** The table as Markdown. `-`: the situation cannot be met by that command. */
export function commandTable(): string {
  const head = `| command | ${situations.join(' | ')} |\n|${' --- |'.repeat(situations.length + 1)}`;
  const lines = Object.entries(rows).map(([type, row]) => {
    const cells = situations.map((situation) => {
      const found = row[situation];
      return found === undefined ? '-' : outcome(situation, found);
    });
    return `| \`${type}\` | ${cells.join(' | ')} |`;
  });
  return [head, ...lines].join('\n');
}
