import { allowedActs, isAllowed } from '../../src/domain/allowed-acts.ts';
import type { CommandType } from '../../src/domain/commands.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { accounts, directory, ids, START, uuid } from './organisation.ts';

export interface ActRequest {
  readonly ticketId: string;
  readonly type: CommandType;
  readonly payload: unknown;
}
/** What there is to choose from while an act is made up. */
export interface ActSource {
  readonly ticket: Ticket;
  /** Another ticket on the screen; null: there is none. */
  readonly other: Ticket | null;
  readonly arg: number;
}

const of = <T>(from: readonly T[], arg: number): T => {
  const chosen = from[arg % from.length];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
};
const membersOf = (teamId: string): string[] =>
  directory.membership.filter((row) => row.teamId === teamId).map((row) => row.personId);
const teamsOf = (test: (tier: number) => boolean): string[] =>
  directory.team.filter((team) => test(team.tier)).map((team) => team.id);
/** Somebody of the team, by number; null now and then, and where it has nobody. */
const someone = (teamId: string, arg: number): string | null => {
  const members = membersOf(teamId);
  return members.length === 0 || arg % 5 === 0 ? null : of(members, arg);
};
const text = (arg: number) => `texto ${arg}`;

/** The payload of an act on a ticket as the author sees it: `from` is what is on the screen. */
const payloads: Partial<Record<CommandType, (source: ActSource) => unknown>> = {
  addNote: ({ arg }) => ({ visibility: arg % 4 === 0 ? 'public' : 'internal', text: text(arg) }),
  claim: () => ({}),
  accept: () => ({}),
  close: () => ({}),
  assign: ({ ticket, arg }) => ({ toPersonId: of([...membersOf(ticket.teamId), of(accounts, arg).personId], arg) }),
  reassign: ({ ticket, arg }) => ({
    fromPersonId: ticket.assigneeId,
    toPersonId: someone(ticket.teamId, arg),
    reason: text(arg),
  }),
  transfer({ ticket, arg }) {
    const toTeamId = of(
      teamsOf((tier) => tier === ticket.tier),
      arg,
    );
    return { toTeamId, toPersonId: someone(toTeamId, arg), reason: '' };
  },
  escalate({ ticket, arg }) {
    const toTeamId = of(
      teamsOf((tier) => tier > ticket.tier),
      arg,
    );
    const sheet = { tried: 'a', found: 'b', pending: 'c', device: 'd' };
    return { toTeamId, toPersonId: arg % 3 === 0 ? someone(toTeamId, arg) : null, sheet };
  },
  return: ({ ticket, arg }) => ({
    reason: text(arg),
    toTeamId:
      ticket.handovers.length === 0
        ? of(
            teamsOf((tier) => tier < ticket.tier),
            arg,
          )
        : null,
  }),
  changeStatus({ ticket, arg }) {
    const from = ticket.status;
    return of([1, 2], arg) === 1
      ? { from, to: 'pending', pendingReason: 'user' }
      : { from, to: 'inProgress', pendingReason: null };
  },
  resolve: ({ arg }) => ({ solution: text(arg), duringCall: false }),
  reopen: ({ arg }) => ({ reason: text(arg) }),
  cancel: ({ arg }) => ({ reason: text(arg) }),
  undoSplit: ({ arg }) => ({ reason: text(arg) }),
  editFields({ ticket, arg }) {
    const changes = [
      { subject: { from: ticket.subject, to: text(arg) } },
      { urgency: { from: ticket.urgency, to: of(['high', 'medium', 'low'], arg) } },
      { siteId: { from: ticket.siteId, to: of([ids.lima, ids.puno, ids.cusco], arg) } },
      {
        serviceId: { from: ticket.serviceId, to: of([ids.mail, ids.window], arg) },
        channel: { from: ticket.channel, to: 'chat' },
      },
    ];
    return { changes: of(changes, arg >> 2) };
  },
  reclassify: ({ ticket, arg }) => ({
    kind: { from: ticket.kind, to: of(['incident', 'problem'], arg) },
    subKind: { from: ticket.subKind, to: of(['incident', 'problem'], arg) === 'incident' ? 'network' : null },
  }),
  changeMode: ({ ticket, arg }) => ({ mode: { from: ticket.mode, to: of(['phone', 'onsite', 'remote'], arg) } }),
  setAsset: ({ ticket }) => ({ assetId: { from: ticket.assetId, to: ticket.assetId === null ? ids.pc : null } }),
  setVendorCase: ({ ticket, arg }) => ({ vendorCase: { from: ticket.vendorCase, to: text(arg) } }),
  linkProblem: ({ ticket, other }) => ({
    problemId: { from: ticket.problemId, to: other?.kind === 'problem' ? other.id : null },
  }),
  startRemoteSession: ({ arg }) => ({
    sessionId: uuid(0x9000 + arg),
    tool: 'rustdesk',
    assetId: ids.pc,
    target: 'PUNO-INS-014',
    consent: 'verbal',
  }),
  endRemoteSession: ({ ticket, arg }) => ({
    sessionId: ticket.remoteSessions.at(-1)?.id ?? uuid(0x9000 + arg),
    outcome: of(['solved', 'partly', 'notSolved', 'notConnected'], arg),
    note: text(arg),
  }),
  recordVisit: ({ arg }) => ({ arrivedAt: START + arg * 1000, leftAt: null, text: text(arg) }),
  settleParked: ({ ticket, arg }) => ({ commandId: ticket.parked[0]?.commandId ?? uuid(0x9999), note: text(arg) }),
  merge: ({ ticket, other }) => ({ intoTicketId: other?.id ?? ticket.id }),
  unmerge: ({ ticket, arg }) => ({ fromTicketId: ticket.mergedInto ?? ticket.id, reason: text(arg) }),
};

/**
 * An act of the wanted type if it is among those that the console offers on this ticket, else another of them; null where it
 * offers none that can be made up here.
 */
export function makeAct(wanted: CommandType, actor: Actor, source: ActSource): ActRequest | null {
  const { ticket, arg } = source;
  const isAble = (type: CommandType) => payloads[type] !== undefined;
  let type: CommandType = wanted;
  if (!isAble(wanted) || !isAllowed(wanted, ticket, actor, null)) {
    const able = allowedActs(ticket, actor, null).filter(isAble);
    if (able.length === 0) return null;
    type = of(able, arg);
  }
  const make = payloads[type];
  return make === undefined ? null : { ticketId: ticket.id, type, payload: make(source) };
}

/** A call or a visit, as the form sends it. */
export const registerInput = (arg: number) => ({
  kind: arg % 6 === 0 ? 'problem' : 'incident',
  subKind: arg % 6 === 0 ? null : 'software',
  channel: 'phone',
  mode: 'phone',
  serviceId: of([ids.mail, ids.window, null], arg),
  requester:
    arg % 7 === 0
      ? { unlisted: { name: 'Rosa', unit: 'Caja', site: 'Puno', extension: '' } }
      : { personId: of([ids.clerk, ids.director], arg) },
  orgUnitId: ids.unit,
  siteId: of([ids.lima, ids.lima, ids.puno, ids.cusco], arg),
  subject: `caso ${arg}`,
  description: 'No abre desde ayer.',
  impact: of(['low', 'medium', 'high'], arg),
  urgency: of(['medium', 'high', 'low'], arg >> 1),
  assetId: arg % 2 === 0 ? ids.pc : null,
});
