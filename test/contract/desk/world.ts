import type { DirectoryChange } from '../../../simulator/desk/commit.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';
import type { StoreDeskSettings } from '../../../src/store/desk-settings.ts';

/** Ids that say what they are for: the same on every adapter, so that answers can be compared to the byte. */
export const id = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const DESK = id(0xd, 1);
export const EPOCH = id(0xe, 1);
export const SEAL_KEY = 'key of the contract desk';
export const START = Date.UTC(2026, 2, 2, 15, 0, 0);
export const sites = { lima: id(1, 1), cusco: id(1, 2) } as const;
export const teams = { lima: id(2, 1), cusco: id(2, 2), systems: id(2, 3) } as const;
export const people = {
  rosa: id(3, 9),
  ana: id(3, 1),
  beto: id(3, 2),
  carla: id(3, 3),
  dora: id(3, 4),
  admin: id(3, 5),
};
export const service = id(4, 1);
export const asset = id(5, 1);

export interface ContractAccount {
  readonly name: string;
  readonly accountId: string;
  readonly personId: string;
  readonly deviceId: string;
  readonly role: Role;
  readonly siteIds: readonly string[];
}
const account = (n: number, name: keyof typeof people, role: Role, siteIds: readonly string[]): ContractAccount => ({
  name,
  accountId: id(6, n),
  personId: people[name],
  deviceId: id(7, n),
  role,
  siteIds,
});
export const accounts = {
  ana: account(1, 'ana', 'technician', [sites.lima]),
  beto: account(2, 'beto', 'technician', [sites.cusco]),
  carla: account(3, 'carla', 'technician', []),
  dora: account(4, 'dora', 'supervisor', [sites.lima]),
  admin: account(5, 'admin', 'administrator', []),
} as const;
export type Who = keyof typeof accounts;

export const settings: Partial<StoreDeskSettings> = { closedWindowDays: 30 };

const site = (siteId: string, code: string): DirectoryChange => ({
  entity: 'site',
  row: {
    id: siteId,
    active: true,
    code,
    name: code,
    region: code,
    headquarters: code === 'LIM',
    citizenService: false,
  },
});
const team = (teamId: string, name: string, tier: 1 | 2, siteId: string | null, triage = false): DirectoryChange => ({
  entity: 'team',
  row: { id: teamId, active: true, name, tier, siteId, external: false, triage },
});
export const person = (personId: string, name: string, siteId: string | null, agent = true): DirectoryChange => ({
  entity: 'person',
  row: {
    id: personId,
    active: true,
    name,
    email: null,
    extension: null,
    jobTitle: null,
    orgUnitId: null,
    siteId,
    seniorManagement: false,
    agent,
  },
});
export const member = (n: number, personId: string, teamId: string, active = true): DirectoryChange => ({
  entity: 'membership',
  row: { id: id(8, n), active, teamId, personId },
});

/** Each list is one transaction of the directory. */
export const directory: readonly (readonly DirectoryChange[])[] = [
  [site(sites.lima, 'LIM'), site(sites.cusco, 'CUS')],
  [
    {
      entity: 'service',
      row: {
        id: service,
        active: true,
        code: 'MAIL',
        nameEs: 'Correo',
        nameEn: 'E-mail',
        category: 'email',
        citizenService: false,
      },
    },
  ],
  [
    team(teams.lima, 'Mesa Lima', 1, sites.lima, true),
    team(teams.cusco, 'Mesa Cusco', 1, sites.cusco),
    team(teams.systems, 'Sistemas', 2, null),
  ],
  [
    person(people.rosa, 'Rosa Quispe Ñahui', sites.lima, false),
    person(people.ana, 'Ana Ramos', sites.lima),
    person(people.beto, 'Beto Rojas', sites.cusco),
    person(people.carla, 'Carla Soto', sites.lima),
    person(people.dora, 'Dora Paz', sites.lima),
    person(people.admin, 'Admin', sites.lima),
  ],
  [member(1, people.ana, teams.lima), member(2, people.beto, teams.cusco), member(3, people.carla, teams.systems)],
  [
    {
      entity: 'asset',
      row: {
        id: asset,
        active: true,
        tag: 'PAT-1',
        hostName: 'PC-LIM-1',
        ip: null,
        model: null,
        personId: people.rosa,
        siteId: sites.lima,
        remoteIds: {},
      },
    },
  ],
];
