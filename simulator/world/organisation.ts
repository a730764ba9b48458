import type { DirectoryEntity, DirectoryRows } from '../../src/domain/directory.ts';
import type { Role } from '../../src/domain/vocabulary.ts';

/** A desk small enough that everybody meets everybody: three sites, five teams of three tiers, seven accounts. */
export const uuid = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const START = Date.UTC(2026, 10, 3, 13, 0, 0);
export const DESK = uuid(0xd);

export const ids = {
  lima: uuid(1),
  puno: uuid(2),
  cusco: uuid(3),
  unit: uuid(10),
  mail: uuid(20),
  window: uuid(21),
  mesa: uuid(30),
  mesaPuno: uuid(31),
  redes: uuid(32),
  sistemas: uuid(33),
  proveedor: uuid(34),
  director: uuid(50),
  clerk: uuid(51),
  pc: uuid(60),
} as const;

export interface Account {
  readonly user: string;
  readonly accountId: string;
  readonly personId: string;
  readonly role: Role;
  readonly teams: readonly string[];
  /** Granted besides the teams. */
  readonly sites: readonly string[];
  readonly everything: boolean;
}
const account = (n: number, user: string, role: Role, teams: string[], sites: string[], everything = false) => ({
  user,
  accountId: uuid(0x400 + n),
  personId: uuid(0x40 + n),
  role,
  teams,
  sites,
  everything,
});
export const accounts: readonly Account[] = [
  account(0, 'ana', 'technician', [ids.mesa], [ids.lima]),
  account(1, 'beto', 'technician', [ids.mesa], [ids.lima, ids.cusco]),
  account(2, 'hugo', 'technician', [ids.mesaPuno], [ids.puno]),
  account(3, 'luis', 'technician', [ids.redes], []),
  account(4, 'rosa', 'technician', [ids.proveedor, ids.sistemas], []),
  account(5, 'sofia', 'supervisor', [], [], true),
  account(6, 'pia', 'supervisor', [ids.mesaPuno], [ids.puno, ids.cusco]),
];

const row = (id: string) => ({ id, version: 1, active: true });
const site = (id: string, name: string, citizenService: boolean) => ({
  ...row(id),
  code: name.slice(0, 3).toUpperCase(),
  name,
  region: name,
  headquarters: name === 'Lima',
  citizenService,
});
const team = (id: string, name: string, tier: 1 | 2 | 3, triage = false) => ({
  ...row(id),
  name,
  tier,
  siteId: null,
  external: tier === 3,
  triage,
});
const person = (id: string, name: string, agent: boolean, seniorManagement = false) => ({
  ...row(id),
  name,
  email: null,
  extension: null,
  jobTitle: null,
  orgUnitId: ids.unit,
  siteId: ids.lima,
  seniorManagement,
  agent,
});
const service = (id: string, name: string, citizenService: boolean) => ({
  ...row(id),
  code: name,
  nameEs: name,
  nameEn: name,
  category: 'email' as const,
  citizenService,
});

export const directory: { readonly [E in DirectoryEntity]: readonly DirectoryRows[E][] } = {
  site: [site(ids.lima, 'Lima', false), site(ids.puno, 'Puno', false), site(ids.cusco, 'Cusco', true)],
  orgUnit: [{ ...row(ids.unit), name: 'Planillas', acronym: 'PLA', siteId: ids.lima }],
  service: [service(ids.mail, 'Correo', false), service(ids.window, 'Ventanilla', true)],
  team: [
    team(ids.mesa, 'Mesa', 1, true),
    team(ids.mesaPuno, 'Mesa Puno', 1),
    team(ids.redes, 'Redes', 2),
    team(ids.sistemas, 'Sistemas', 2),
    team(ids.proveedor, 'Proveedor', 3),
  ],
  person: [
    ...accounts.map(({ personId, user }) => person(personId, user, true)),
    person(ids.director, 'directora', false, true),
    person(ids.clerk, 'empleado', false),
  ],
  membership: accounts.flatMap(({ personId, teams }, n) =>
    teams.map((teamId, m) => ({ ...row(uuid(0x700 + n * 4 + m)), teamId, personId })),
  ),
  asset: [
    {
      ...row(ids.pc),
      tag: '740899500123',
      hostName: 'PUNO-INS-014',
      ip: '10.21.3.44',
      model: null,
      personId: ids.clerk,
      siteId: ids.puno,
      remoteIds: { rustdesk: '123456789' },
    },
  ],
};
