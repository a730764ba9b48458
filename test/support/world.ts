import type { Command, CommandPayloads } from '../../src/domain/commands.ts';
import type { DecideContext } from '../../src/domain/decision.ts';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import type { Asset, DirectoryLookup, OrgUnit, Person, Service, Site, Team } from '../../src/domain/directory.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { type CommandRun, runCommand } from '../../src/domain/run-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Role } from '../../src/domain/vocabulary.ts';

/** A desk small enough to hold in the head: two sites, three tiers, six agents, three requesters. */
export const uuid = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const ids = {
  lima: uuid(1),
  puno: uuid(2),
  cusco: uuid(3),
  unit: uuid(10),
  mail: uuid(20),
  citizenDesk: uuid(21),
  team1: uuid(30),
  team1b: uuid(31),
  team2: uuid(32),
  team3: uuid(33),
  ana: uuid(40),
  beto: uuid(41),
  luis: uuid(42),
  rosa: uuid(43),
  sofia: uuid(44),
  hugo: uuid(45),
  director: uuid(50),
  clerk: uuid(51),
  robot: uuid(52),
  pc: uuid(60),
  ticket: uuid(100),
  problem: uuid(101),
  /** Another incident of the same team, open. */
  other: uuid(102),
} as const;

const row = (id: string) => ({ id, version: 1, active: true });
const site = (id: string, name: string, citizenService = false): Site => ({
  ...row(id),
  code: name.toUpperCase(),
  name,
  region: name,
  headquarters: name === 'Lima',
  citizenService,
});
const person = (id: string, name: string, extra: Partial<Person> = {}): Person => ({
  ...row(id),
  name,
  email: null,
  extension: null,
  jobTitle: null,
  orgUnitId: ids.unit,
  siteId: ids.lima,
  seniorManagement: false,
  agent: false,
  ...extra,
});
const team = (id: string, name: string, tier: 1 | 2 | 3, triage = false): Team => ({
  ...row(id),
  name,
  tier,
  siteId: null,
  external: tier === 3,
  triage,
});
const service = (id: string, name: string, citizenService = false): Service => ({
  ...row(id),
  code: name,
  nameEs: name,
  nameEn: name,
  category: 'email',
  citizenService,
});

const sites = [site(ids.lima, 'Lima'), site(ids.puno, 'Puno'), site(ids.cusco, 'Cusco', true)];
const people = [
  person(ids.ana, 'Ana', { agent: true }),
  person(ids.beto, 'Beto', { agent: true }),
  person(ids.luis, 'Luis', { agent: true }),
  person(ids.rosa, 'Rosa', { agent: true }),
  person(ids.sofia, 'Sofía', { agent: true }),
  person(ids.hugo, 'Hugo', { agent: true }),
  person(ids.director, 'Directora', { seniorManagement: true }),
  person(ids.clerk, 'Clerk', { siteId: ids.puno }),
  person(ids.robot, 'Importer'),
];
const teams = [
  team(ids.team1, 'Mesa', 1, true),
  team(ids.team1b, 'Mesa Puno', 1),
  team(ids.team2, 'Redes', 2),
  team(ids.team3, 'Proveedor', 3),
];
const services = [service(ids.mail, 'Correo'), service(ids.citizenDesk, 'Ventanilla', true)];
const pc: Asset = {
  ...row(ids.pc),
  tag: '740899500123',
  hostName: 'PUNO-INS-014',
  ip: '10.21.3.44',
  model: null,
  personId: ids.clerk,
  siteId: ids.puno,
  remoteIds: { rustdesk: '123456789' },
};
const members: Record<string, readonly string[]> = {
  [ids.team1]: [ids.ana, ids.beto],
  [ids.team1b]: [ids.hugo],
  [ids.team2]: [ids.luis],
  [ids.team3]: [ids.rosa],
};

const find =
  <T extends { id: string }>(rows: readonly T[]) =>
  (id: string): T | null =>
    rows.find((candidate) => candidate.id === id) ?? null;
const unit: OrgUnit = { ...row(ids.unit), name: 'Planillas', acronym: 'PLA', siteId: ids.lima };
export const directory: DirectoryLookup = {
  site: find(sites),
  orgUnit: find([unit]),
  person: find(people),
  team: find(teams),
  service: find(services),
  asset: find([pc]),
  isMember: (personId, teamId) => members[teamId]?.includes(personId) ?? false,
  triageTeam: () => teams[0] ?? null,
};

const actorOf = (personId: string, role: Role, extra: Partial<Actor> = {}): Actor => {
  const teamIds = Object.keys(members).filter((id) => members[id]?.includes(personId));
  return {
    personId,
    submitterId: null,
    role,
    teamIds,
    mayImport: false,
    revoked: false,
    grant: { personId, everything: false, siteIds: [ids.lima], teamIds },
    ...extra,
  };
};
const desk = (personId: string) => ({ personId, everything: true, siteIds: [], teamIds: [] });
export const actors = {
  /** Tier 1, headquarters. */
  ana: actorOf(ids.ana, 'technician'),
  beto: actorOf(ids.beto, 'technician'),
  /** Tier 1 of Puno only: Lima's tickets are out of scope. */
  hugo: actorOf(ids.hugo, 'technician', {
    grant: { personId: ids.hugo, everything: false, siteIds: [ids.puno], teamIds: [ids.team1b] },
  }),
  luis: actorOf(ids.luis, 'technician'),
  rosa: actorOf(ids.rosa, 'technician'),
  sofia: actorOf(ids.sofia, 'supervisor', { grant: desk(ids.sofia) }),
  auditor: actorOf(ids.sofia, 'auditor', { grant: desk(ids.sofia) }),
  importer: actorOf(ids.robot, 'service', { grant: desk(ids.robot), mayImport: true }),
} as const;

export const T0 = Date.UTC(2026, 10, 3, 13, 0, 0);
let commandCounter = 1000;

export interface RunOptions {
  readonly at?: number;
  readonly seenVersion?: number | null;
  readonly commandId?: string;
  readonly revoked?: boolean;
  /** Tickets that the command may name beside its own. */
  readonly others?: readonly Ticket[];
}
export function contextFor(actor: Actor, options: RunOptions = {}): DecideContext {
  const at = options.at ?? T0;
  return {
    commandId: options.commandId ?? uuid(++commandCounter),
    actor: options.revoked ? { ...actor, revoked: true } : actor,
    times: { occurredAt: at, deviceAt: at, recordedAt: at + 50, timeQuality: 'good' },
    directory,
    settings: defaultDeskSettings,
    officialNumber: 'MDS-2026-000001',
    seenVersion: options.seenVersion ?? null,
    problemExists: (id) => id === ids.problem,
    otherTicket: (id) => options.others?.find((other) => other.id === id) ?? null,
  };
}

export const run = (ticket: Ticket | null, actor: Actor, command: Command, options: RunOptions = {}): CommandRun =>
  runCommand(ticket, ids.ticket, command, contextFor(actor, options));

export const call: CommandPayloads['register'] = {
  provisionalCode: 'K7-F3',
  kind: 'incident',
  subKind: 'software',
  channel: 'phone',
  mode: 'phone',
  serviceId: ids.mail,
  requester: { personId: ids.clerk },
  orgUnitId: ids.unit,
  siteId: ids.lima,
  subject: 'No abre el correo',
  description: 'El correo no abre desde ayer por la tarde.',
  impact: 'low',
  urgency: 'medium',
  assetId: ids.pc,
  teamId: null,
  initialTier: null,
};
/** A file on a ticket, as an act names it. */
export const attachment: CommandPayloads['addAttachment'] = {
  attachmentId: uuid(700),
  name: 'pantalla.png',
  mediaType: 'image/png',
  size: 1_000,
  sha256: 'ab'.repeat(32),
  visibility: 'internal',
  thumbnail: null,
};

export const sheet = { tried: 'Otro equipo', found: 'No responde', pending: 'Revisar servidor', device: 'LIM-001' };

type Acts = readonly (readonly [Actor, Command])[];
/** Runs a list of acts one minute apart; each must have been let through. Returns the ticket after the last. */
export const ticketAfter = (...acts: Acts): Ticket => ticketWith({}, ...acts);
export function ticketWith(
  { id = ids.ticket, others = [other()] }: { id?: string; others?: readonly Ticket[] },
  ...acts: Acts
): Ticket {
  let ticket: Ticket | null = null;
  acts.forEach(([actor, command], index) => {
    const result = runCommand(ticket, id, command, contextFor(actor, { at: T0 + index * 60_000, others }));
    if (result.decision.kind === 'refused') throw new Error(`${command.type}: ${result.decision.refusal.code}`);
    ticket = result.ticket;
  });
  if (ticket === null) throw new Error('no ticket');
  return ticket;
}
export const registered: Command = { type: 'register', payload: call };
export const claimed: Command = { type: 'claim', payload: {} };
export const escalated: Command = { type: 'escalate', payload: { toTeamId: ids.team2, toPersonId: null, sheet } };
export const accepted: Command = { type: 'accept', payload: {} };
export const resolved: Command = {
  type: 'resolve',
  payload: { solution: 'Se reinició el servicio', duringCall: false },
};
/** The ticket `ids.other` as Beto's site knows it. */
export const other = (): Ticket => ticketWith({ id: ids.other, others: [] }, [actors.beto, registered]);
export const merged: Command = { type: 'merge', payload: { intoTicketId: ids.other } };
const { teamId: _team, initialTier: _tier, ...newTicket } = call;
export const splitOff: Command = {
  type: 'split',
  payload: {
    ...newTicket,
    fromTicketId: ids.other,
    subject: 'Tampoco imprime',
    quotes: [{ entryId: `${uuid(900)}-0`, text: 'Además la impresora no responde' }],
  },
};
