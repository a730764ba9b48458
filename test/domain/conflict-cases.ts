import { type Command, type CommandType, isFact } from '../../src/domain/commands.ts';
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
  registered,
  resolved,
  sheet,
  splitOff,
  ticketWith,
  uuid,
} from '../support/world.ts';

/** Every command on a ticket where it fits, and what somebody else may do before it reaches the store. */
const { ana, beto, luis, sofia } = actors;
type Acts = readonly (readonly [Actor, Command])[];

const unlisted = { unlisted: { name: 'Visitante', unit: '', site: '', extension: '' } };
const visitor: Command = { type: 'register', payload: { ...call, requester: unlisted } };
export const others: readonly Ticket[] = [ids.other, uuid(103)].map((id) =>
  ticketWith({ id, others: [] }, [beto, registered]),
);
const after = (...acts: Acts): Ticket => ticketWith({ others }, [beto, visitor], ...acts);

const reason = (text: string) => ({ reason: text });
const edit = (field: string, from: string | null, to: string | null): Command =>
  ({ type: 'editFields', payload: { changes: { [field]: { from, to } } } }) as Command;
const reclassify = (kind: 'request' | 'problem'): Command => ({
  type: 'reclassify',
  payload: { kind: { from: 'incident', to: kind }, subKind: { from: 'software', to: null } },
});
const mode = (to: 'remote' | 'onsite'): Command => ({ type: 'changeMode', payload: { mode: { from: 'phone', to } } });
const asset: Command = { type: 'setAsset', payload: { assetId: { from: ids.pc, to: null } } };
const vendor = (to: string): Command => ({ type: 'setVendorCase', payload: { vendorCase: { from: null, to } } });
const linkTo = (personId: string): Command => ({ type: 'linkRequester', payload: { personId } });
const assign = (toPersonId: string): Command => ({ type: 'assign', payload: { toPersonId } });
const reassign = (toPersonId: string | null): Command => ({
  type: 'reassign',
  payload: { fromPersonId: ids.ana, toPersonId, reason: toPersonId === null ? 'Se libera' : 'Cambio de turno' },
});
const transfer = (toPersonId: string | null): Command => ({
  type: 'transfer',
  payload: { toTeamId: ids.team1b, toPersonId, ...reason('Es de Puno') },
});
const escalate = (toTeamId: string): Command => ({ type: 'escalate', payload: { toTeamId, toPersonId: null, sheet } });
const back = (toTeamId: string | null): Command => ({
  type: 'return',
  payload: { toTeamId, ...reason('Falta el dato') },
});
const wait: Command = { type: 'changeStatus', payload: { from: 'assigned', to: 'pending', pendingReason: 'user' } };
const start: Command = { type: 'changeStatus', payload: { from: 'assigned', to: 'inProgress', pendingReason: null } };
const solve = (solution: string): Command => ({ type: 'resolve', payload: { solution, duringCall: false } });
const reopen: Command = { type: 'reopen', payload: reason('Volvió a fallar') };
const close: Command = { type: 'close', payload: {} };
const cancel: Command = { type: 'cancel', payload: reason('No corresponde') };
const mergeInto = (intoTicketId: string): Command => ({ type: 'merge', payload: { intoTicketId } });
const unmerge: Command = { type: 'unmerge', payload: { fromTicketId: ids.other, ...reason('Eran dos') } };
const session = {
  sessionId: uuid(500),
  tool: 'rustdesk',
  assetId: ids.pc,
  target: '123456789',
  consent: 'verbal',
} as const;

const fresh = after();
const mine = after([ana, claimed]);
const solved = after([ana, claimed], [ana, resolved]);
const offered = after([ana, claimed], [ana, escalated]);
const taken = after([ana, claimed], [ana, escalated], [luis, accepted]);
const inSession = after([ana, claimed], [ana, { type: 'startRemoteSession', payload: session }]);
const waiting = after(
  [ana, claimed],
  [sofia, edit('subject', call.subject, 'Otro')],
  [beto, edit('subject', call.subject, 'Mi asunto')],
);
const duplicate = after([ana, claimed], [ana, merged]);
const part = ticketWith(
  { others },
  [beto, { ...splitOff, payload: { ...splitOff.payload, requester: unlisted } } as Command],
  [ana, claimed],
);

export interface ConflictCase {
  /** As its author saw it; null: the command makes it. */
  readonly seen: Ticket | null;
  readonly author: Actor;
  readonly command: Command;
  /** The same field set to something else by another person. */
  readonly rival?: Acts;
  /** What the author typed. */
  readonly texts: readonly string[];
}

export const conflictCases: Record<CommandType, ConflictCase> = {
  register: { seen: null, author: ana, command: visitor, texts: [call.subject, call.description] },
  split: {
    seen: null,
    author: ana,
    command: splitOff,
    texts: ['Tampoco imprime', 'Además la impresora no responde'],
  },
  addNote: {
    seen: mine,
    author: ana,
    command: { type: 'addNote', payload: { visibility: 'internal', text: 'Probé otro cable' } },
    texts: ['Probé otro cable'],
  },
  startRemoteSession: {
    seen: mine,
    author: ana,
    command: { type: 'startRemoteSession', payload: session },
    texts: ['123456789'],
  },
  endRemoteSession: {
    seen: inSession,
    author: ana,
    command: {
      type: 'endRemoteSession',
      payload: { sessionId: session.sessionId, outcome: 'solved', note: 'Quedó bien' },
    },
    texts: ['Quedó bien'],
  },
  recordVisit: {
    seen: mine,
    author: ana,
    command: { type: 'recordVisit', payload: { arrivedAt: 1, leftAt: 2, text: 'Cambié el cable' } },
    texts: ['Cambié el cable'],
  },
  addAttachment: {
    seen: mine,
    author: ana,
    command: { type: 'addAttachment', payload: { ...attachment, name: 'pantalla azul.png' } },
    texts: ['pantalla azul.png'],
  },
  editFields: {
    seen: mine,
    author: ana,
    command: edit('subject', call.subject, 'Mi asunto'),
    rival: [[sofia, edit('subject', call.subject, 'Otro asunto')]],
    texts: ['Mi asunto'],
  },
  reclassify: {
    seen: mine,
    author: ana,
    command: reclassify('problem'),
    rival: [[sofia, reclassify('request')]],
    texts: [],
  },
  changeMode: { seen: mine, author: ana, command: mode('remote'), rival: [[sofia, mode('onsite')]], texts: [] },
  setAsset: { seen: mine, author: ana, command: asset, texts: [] },
  setVendorCase: {
    seen: mine,
    author: ana,
    command: vendor('INC-1'),
    rival: [[sofia, vendor('INC-2')]],
    texts: ['INC-1'],
  },
  linkProblem: {
    seen: mine,
    author: ana,
    command: { type: 'linkProblem', payload: { problemId: { from: null, to: ids.problem } } },
    texts: [],
  },
  linkRequester: {
    seen: mine,
    author: ana,
    command: linkTo(ids.clerk),
    rival: [[sofia, linkTo(ids.director)]],
    texts: [],
  },
  claim: { seen: fresh, author: ana, command: claimed, rival: [[beto, claimed]], texts: [] },
  assign: { seen: fresh, author: ana, command: assign(ids.beto), rival: [[sofia, assign(ids.ana)]], texts: [] },
  reassign: {
    seen: mine,
    author: ana,
    command: reassign(ids.beto),
    rival: [[sofia, reassign(null)]],
    texts: ['Cambio de turno'],
  },
  transfer: {
    seen: mine,
    author: ana,
    command: transfer(null),
    rival: [[sofia, transfer(ids.hugo)]],
    texts: ['Es de Puno'],
  },
  escalate: {
    seen: mine,
    author: ana,
    command: escalate(ids.team2),
    rival: [[sofia, escalate(ids.team3)]],
    texts: Object.values(sheet),
  },
  accept: { seen: offered, author: luis, command: accepted, rival: [[sofia, back(null)]], texts: [] },
  return: {
    seen: taken,
    author: luis,
    command: back(null),
    rival: [[sofia, back(ids.team1b)]],
    texts: ['Falta el dato'],
  },
  changeStatus: { seen: mine, author: ana, command: wait, rival: [[sofia, start]], texts: [] },
  resolve: {
    seen: mine,
    author: ana,
    command: solve('Se reinició el servicio'),
    rival: [[sofia, solve('Otra causa')]],
    texts: ['Se reinició el servicio'],
  },
  reopen: { seen: solved, author: ana, command: reopen, texts: ['Volvió a fallar'] },
  close: { seen: solved, author: ana, command: close, rival: [[sofia, reopen]], texts: [] },
  cancel: {
    seen: mine,
    author: ana,
    command: cancel,
    rival: [[sofia, solve('Otra causa')]],
    texts: ['No corresponde'],
  },
  merge: { seen: mine, author: ana, command: merged, rival: [[sofia, mergeInto(uuid(103))]], texts: [] },
  unmerge: {
    seen: duplicate,
    author: ana,
    command: unmerge,
    rival: [
      [sofia, unmerge],
      [sofia, mergeInto(uuid(103))],
    ],
    texts: ['Eran dos'],
  },
  undoSplit: {
    seen: part,
    author: ana,
    command: { type: 'undoSplit', payload: reason('Era lo mismo') },
    rival: [[sofia, cancel]],
    texts: ['Era lo mismo'],
  },
  settleParked: {
    seen: waiting,
    author: ana,
    command: { type: 'settleParked', payload: { commandId: waiting.parked[0]?.commandId ?? '', note: 'Vale el otro' } },
    texts: ['Vale el otro'],
  },
};

/** What somebody else did to the ticket in between; an empty list: nothing that shows on it. */
export const changes: Record<string, (seen: Ticket, met: ConflictCase) => Acts | null> = {
  nothing: () => [],
  'the same, by another': (_seen, { command }) =>
    isFact(command.type) || command.type === 'claim' || command.type === 'accept' ? null : [[sofia, command]],
  'another value there': (_seen, { rival }) => rival ?? null,
  'another field edited': (seen) => [[sofia, edit('urgency', seen.urgency, 'high')]],
  'requester linked': (seen) => ('unlisted' in seen.requester ? [[sofia, linkTo(ids.clerk)]] : null),
  'asset taken off': () => [[sofia, asset]],
  'assigned to another': (seen) =>
    seen.assigneeId === null
      ? [[sofia, assign(seen.tier === 1 ? ids.beto : ids.luis)]]
      : [
          [
            sofia,
            {
              type: 'reassign',
              payload: { fromPersonId: seen.assigneeId, toPersonId: seen.tier === 1 ? ids.beto : null, reason: '' },
            },
          ],
        ],
  escalated: (seen) => [[sofia, escalate(seen.tier === 1 ? ids.team2 : ids.team3)]],
  'escalated and returned': (seen) => [
    [sofia, escalate(seen.tier === 1 ? ids.team2 : ids.team3)],
    [sofia, back(null)],
  ],
  returned: () => [[sofia, back(null)]],
  'status moved': () => [[sofia, wait]],
  resolved: () => [[sofia, solve('Otra causa')]],
  closed: (seen) =>
    seen.status === 'resolved'
      ? [[sofia, close]]
      : [
          [sofia, solve('Otra causa')],
          [sofia, close],
        ],
  cancelled: () => [[sofia, cancel]],
  reopened: (seen) =>
    seen.status === 'resolved'
      ? [[sofia, reopen]]
      : [
          [sofia, solve('Otra causa')],
          [sofia, reopen],
        ],
  'merged into another': (seen) => (seen.status === 'closed' ? null : [[sofia, merged]]),
  'merge undone': (seen) =>
    seen.status === 'closed'
      ? [[sofia, unmerge]]
      : [
          [sofia, merged],
          [sofia, unmerge],
        ],
  'split: a part made of it': () => [],
  'note by another': () => [[sofia, { type: 'addNote', payload: { visibility: 'internal', text: 'De Sofía' } }]],
  'went out of scope': (seen) => [
    [sofia, edit('siteId', ids.lima, ids.puno)],
    [sofia, seen.tier === 1 ? transfer(null) : back(ids.team1b)],
  ],
};
