import type {
  Asset,
  DirectoryLookup,
  Membership,
  OrgUnit,
  Person,
  Service,
  Site,
  Team,
} from '../../../src/domain/directory.ts';

/** A small desk to draw the console with. Never shipped. */
export const idOf = (kind: string, n: number): string =>
  `${[...kind]
    .map((char) => char.charCodeAt(0).toString(16))
    .join('')
    .padEnd(8, '0')
    .slice(0, 8)}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const row = (kind: string, n: number) => ({ id: idOf(kind, n), version: 1, active: true });

const siteNames: readonly [string, string, string, boolean][] = [
  ['LIM', 'Sede central', 'Lima', false],
  ['PUN', 'GRTPE Puno', 'Puno', false],
  ['CUS', 'GRTPE Cusco', 'Cusco', true],
  ['LOR', 'GRTPE Loreto', 'Loreto', false],
  ['PIU', 'GRTPE Piura', 'Piura', true],
  ['ICA', 'GRTPE Ica', 'Ica', false],
  ['ARE', 'GRTPE Arequipa', 'Arequipa', false],
  ['TAC', 'Dir. Reg. Tacna', 'Tacna', false],
];
export const sites: Site[] = siteNames.map(([code, name, region, citizenService], n) => ({
  ...row('site', n),
  code,
  name,
  region,
  headquarters: n === 0,
  citizenService,
}));
const site = (code: string): Site => sites.find((each) => each.code === code) as Site;

export const orgUnits: OrgUnit[] = [
  ['Dir. Gral. de Trabajo', 'DGT', 'LIM'],
  ['Inspección del Trabajo', 'DIT', 'PUN'],
  ['Atención al Ciudadano', 'OAC', 'CUS'],
  ['Administración', 'OGA', 'LIM'],
  ['Planeamiento', 'OGPP', 'LIM'],
].map(([name = '', acronym = '', code = ''], n) => ({ ...row('unit', n), name, acronym, siteId: site(code).id }));

export const teams: Team[] = [
  ['Mesa Puno', 1, 'PUN', false],
  ['Mesa central', 1, null, true],
  ['Sistemas', 2, null, false],
  ['Servidores y redes', 2, null, false],
  ['OGETIC · Infraestructura', 3, null, false],
].map(([name, tier, code, triage], n) => ({
  ...row('team', n),
  name: name as string,
  tier: tier as 1 | 2 | 3,
  siteId: code === null ? null : site(code as string).id,
  external: false,
  triage: triage as boolean,
}));

const agent = (n: number, name: string, code: string): Person => ({
  ...row('pers', n),
  name,
  email: `${name.split(' ')[0]?.toLowerCase()}@trabajo.gob.pe`,
  extension: String(7200 + n),
  jobTitle: 'Soporte técnico',
  orgUnitId: null,
  siteId: site(code).id,
  seniorManagement: false,
  agent: true,
});
export const agents: Person[] = [
  agent(0, 'Marisol Tupa', 'PUN'),
  agent(1, 'Ana Morales', 'LIM'),
  agent(2, 'Luis Quiroga', 'LIM'),
  agent(3, 'Rosa Valdivia', 'LIM'),
  agent(4, 'Julio Torres', 'PUN'),
  agent(5, 'Elena Paredes', 'CUS'),
  agent(6, 'Carlos Ñahui', 'ARE'),
];
const requester = (n: number, name: string, code: string, unit: number | null, senior = false): Person => ({
  ...row('user', n),
  name,
  email: null,
  extension: String(7300 + n),
  jobTitle: senior ? 'Directora General de Trabajo' : null,
  orgUnitId: unit === null ? null : (orgUnits[unit]?.id ?? null),
  siteId: site(code).id,
  seniorManagement: senior,
  agent: false,
});
export const requesters: Person[] = [
  requester(0, 'Rosa Huamán', 'LIM', 0, true),
  requester(1, 'Luis Ccopa', 'CUS', 2),
  requester(2, 'Jorge Paredes', 'PUN', 1),
  requester(3, 'Milagros Tello', 'LIM', 3),
  requester(4, 'Carmen Salas', 'LOR', null),
  requester(5, 'Iván Mamani', 'TAC', null),
  requester(6, 'Pilar Ríos', 'LIM', 4),
  requester(7, 'Óscar Chávez', 'PIU', null),
  requester(8, 'Nelly Quispe', 'LIM', 3),
  requester(9, 'Hugo Rojas', 'PUN', 1),
  requester(10, 'Flor Apaza', 'LIM', 4),
  requester(11, 'Dina Flores', 'ICA', null),
];
export const memberships: Membership[] = [
  [0, 0],
  [0, 4],
  [1, 1],
  [1, 5],
  [1, 6],
  [1, 0],
  [2, 2],
  [3, 2],
  [3, 3],
  [4, 3],
].map(([team = 0, person = 0], n) => ({
  ...row('memb', n),
  teamId: idOf('team', team),
  personId: idOf('pers', person),
}));

export const services: Service[] = [
  ['EQ', 'Equipos informáticos', 'Computer equipment', 'computerEquipment', false],
  ['CO', 'Correo electrónico', 'E-mail', 'email', false],
  ['SI', 'Sistemas internos', 'Internal systems', 'internalSystems', false],
  ['CC', 'Carpetas compartidas', 'Shared folders', 'sharedFolders', false],
  ['VE', 'Ventanilla de atención', 'Citizen window', 'internalSystems', true],
].map(([code, nameEs, nameEn, category, citizenService], n) => ({
  ...row('serv', n),
  code: code as string,
  nameEs: nameEs as string,
  nameEn: nameEn as string,
  category: category as Service['category'],
  citizenService: citizenService as boolean,
}));
export const assets: Asset[] = [
  {
    ...row('asst', 0),
    tag: '740899501',
    hostName: 'PUNO-INS-014',
    ip: '10.21.3.44',
    model: 'HP ProDesk 400',
    personId: requesters[2]?.id ?? null,
    siteId: site('PUN').id,
    remoteIds: { rustdesk: '314159265', rdp: 'PUNO-INS-014', anydesk: '271828182', vnc: '10.21.3.44' },
  },
  {
    ...row('asst', 1),
    tag: '740899502',
    hostName: 'LIM-DGT-002',
    ip: '10.4.2.18',
    model: 'Dell OptiPlex 7090',
    personId: requesters[0]?.id ?? null,
    siteId: site('LIM').id,
    remoteIds: { rustdesk: '161803398', rdp: 'LIM-DGT-002' },
  },
];

const people = [...agents, ...requesters];
const find = <T extends { id: string }>(list: readonly T[], id: string): T | null =>
  list.find((each) => each.id === id) ?? null;
export const lookup: DirectoryLookup = {
  site: (id) => find(sites, id),
  orgUnit: (id) => find(orgUnits, id),
  person: (id) => find(people, id),
  team: (id) => find(teams, id),
  service: (id) => find(services, id),
  asset: (id) => find(assets, id),
  isMember: (personId, teamId) => memberships.some((each) => each.personId === personId && each.teamId === teamId),
  triageTeam: () => teams.find((team) => team.triage) ?? null,
};
export const names: Record<string, string> = Object.fromEntries([
  ...[...sites, ...orgUnits, ...teams, ...people].map((each) => [each.id, each.name]),
  ...services.map((each) => [each.id, each.nameEs]),
]);
