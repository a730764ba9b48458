import type { Asset, Membership, OrgUnit, Person, Service, Site, Team } from '../../../domain/directory.ts';
import { foldText } from '../../../domain/text.ts';
import type { Role, Tier } from '../../../domain/vocabulary.ts';
import type { Dice } from './dice.ts';
import { givenNames, surnames } from './names.ts';
import { citizenCentre, headquarters, offices, type Place } from './places.ts';
import { serviceSpecs } from './services.ts';

export interface TrialAccountSpec {
  readonly user: string;
  readonly personId: string;
  readonly role: Role;
  readonly everything: boolean;
  readonly siteIds: readonly string[];
  readonly teamIds: readonly string[];
}
export interface Organisation {
  readonly sites: readonly Site[];
  readonly orgUnits: readonly OrgUnit[];
  readonly services: readonly Service[];
  readonly teams: readonly Team[];
  readonly people: readonly Person[];
  readonly memberships: readonly Membership[];
  readonly assets: readonly Asset[];
  readonly accounts: readonly TrialAccountSpec[];
}

type TeamKey = 'desk' | 'north' | 'south' | 'east' | 'systems' | 'network' | 'field' | 'specialists' | 'vendor';
interface TeamSpec {
  readonly name: string;
  readonly tier: Tier;
  readonly members: number;
  readonly macro: Place['macro'] | null;
}
/** 24 technicians over the three tiers. */
export const teamSpecs: Record<TeamKey, TeamSpec> = {
  desk: { name: 'Mesa de Servicio', tier: 1, members: 6, macro: null },
  north: { name: 'Soporte Macro Norte', tier: 1, members: 3, macro: 'north' },
  south: { name: 'Soporte Macro Sur', tier: 1, members: 3, macro: 'south' },
  east: { name: 'Soporte Macro Oriente', tier: 1, members: 2, macro: 'east' },
  systems: { name: 'Sistemas de información', tier: 2, members: 3, macro: null },
  network: { name: 'Servidores y redes', tier: 2, members: 3, macro: null },
  field: { name: 'Soporte de campo', tier: 2, members: 1, macro: null },
  specialists: { name: 'Especialistas OGETIC', tier: 3, members: 2, macro: null },
  vendor: { name: 'Fabricantes y proveedores', tier: 3, members: 1, macro: null },
};
const supervisorSpecs: readonly { readonly macros: readonly Place['macro'][] | null; readonly title: string }[] = [
  { macros: null, title: 'Supervisora de la Mesa de Servicio' },
  { macros: ['north', 'east'], title: 'Supervisor regional norte y oriente' },
  { macros: ['south'], title: 'Supervisor regional sur' },
];
const centralUnits: readonly (readonly [acronym: string, name: string])[] = [
  ['DM', 'Despacho Ministerial'],
  ['DVMT', 'Despacho Viceministerial de Trabajo'],
  ['DVMPE', 'Despacho Viceministerial de Promoción del Empleo'],
  ['SG', 'Secretaría General'],
  ['DGT', 'Dirección General de Trabajo'],
  ['DGPE', 'Dirección General de Promoción del Empleo'],
  ['OGA', 'Oficina General de Administración'],
  ['OGPP', 'Oficina General de Planeamiento y Presupuesto'],
  ['OGRH', 'Oficina General de Recursos Humanos'],
  ['OGAJ', 'Oficina General de Asesoría Jurídica'],
  ['OGETIC', 'Oficina General de Estadística y TIC'],
  ['OTIC', 'Oficina de Tecnologías de la Información y Comunicaciones'],
];
const headTitles: Record<string, string> = {
  DM: 'Ministra de Trabajo y Promoción del Empleo',
  DVMT: 'Viceministro de Trabajo',
  DVMPE: 'Viceministra de Promoción del Empleo',
  SG: 'Secretaria General',
};
const staffTitles = [
  'Analista',
  'Especialista',
  'Asistente administrativo',
  'Inspector del trabajo',
  'Abogada',
  'Contador',
  'Secretaria',
  'Conciliador',
  'Orientador',
] as const;

/** About 300 people: headquarters, an office in each department, senior management, citizen-service desks, technicians. */
export function createOrganisation(dice: Dice): Organisation {
  const row = (...parts: readonly (string | number)[]) => ({ id: dice.id(...parts), version: 1, active: true });
  const siteOf = (place: Place): Site => ({
    ...row('site', place.code),
    code: place.code,
    name: place.name,
    region: place.region,
    headquarters: place === headquarters,
    citizenService: place === citizenCentre,
  });
  const places = [headquarters, citizenCentre, ...offices];
  const sites = places.map(siteOf);
  const siteId = (place: Place) => dice.id('site', place.code);
  const services: Service[] = serviceSpecs.map(([code, category, nameEs, nameEn, citizen]) => ({
    ...row('service', code),
    code,
    nameEs,
    nameEn,
    category,
    citizenService: citizen === true,
  }));
  const teams: Team[] = Object.entries(teamSpecs).map(([key, spec]) => ({
    ...row('team', key),
    name: spec.name,
    tier: spec.tier,
    siteId: null,
    external: key === 'vendor',
    triage: key === 'desk',
  }));

  const orgUnits: OrgUnit[] = [];
  const people: Person[] = [];
  const memberships: Membership[] = [];
  const assets: Asset[] = [];
  const accounts: TrialAccountSpec[] = [];
  const users = new Set<string>();
  let extension = 1000;

  const unit = (acronym: string, name: string, site: Place): OrgUnit => {
    const made: OrgUnit = { ...row('unit', acronym), acronym, name, siteId: siteId(site) };
    orgUnits.push(made);
    return made;
  };
  const person = (site: Place, of: OrgUnit, jobTitle: string, extra: Partial<Person> = {}): Person => {
    const name = `${dice.pick(givenNames)} ${dice.pick(surnames)} ${dice.pick(surnames)}`;
    const [given = '', first = '', second = ''] = name.split(' ');
    let user = ascii(`${given.slice(0, 1)}${first}`);
    if (users.has(user)) user = ascii(`${given.slice(0, 1)}${first}${second.slice(0, 2)}`);
    while (users.has(user)) user += '2';
    users.add(user);
    extension += dice.int(1, 7);
    const made: Person = {
      ...row('person', people.length),
      name,
      email: `${user}@trabajo.example.pe`,
      extension: String(extension),
      jobTitle,
      orgUnitId: of.id,
      siteId: siteId(site),
      seniorManagement: false,
      agent: false,
      ...extra,
    };
    people.push(made);
    if (!made.agent && dice.chance(88)) assets.push(deviceOf(made, site, of));
    return made;
  };
  const deviceOf = (owner: Person, site: Place, of: OrgUnit): Asset => {
    const n = assets.length + 1;
    const prefix = site.region
      .normalize('NFD')
      .replace(/[^A-Za-z]/gu, '')
      .slice(0, 4)
      .toUpperCase();
    return {
      ...row('asset', n),
      tag: `74${String(8_000_000 + n * 37)}`,
      hostName: `${prefix}-${of.acronym.replace(/[^A-Z]/gu, '').slice(0, 3)}-${String(n).padStart(3, '0')}`,
      ip: `10.${20 + (offices.indexOf(site) + 1)}.${dice.int(1, 6)}.${dice.int(10, 240)}`,
      model: dice.pick(['HP ProDesk 600 G6', 'Lenovo ThinkCentre M70s', 'Dell OptiPlex 7080', 'HP EliteBook 840 G8']),
      personId: owner.id,
      siteId: siteId(site),
      remoteIds: {
        rustdesk: String(dice.int(100_000_000, 999_999_999)),
        ...(dice.chance(30) ? { anydesk: String(dice.int(100_000_000, 999_999_999)) } : {}),
        ...(dice.chance(15) ? { teamviewer: String(dice.int(100_000_000, 999_999_999)) } : {}),
      },
    };
  };
  const account = (
    of: Person,
    role: Role,
    everything: boolean,
    siteIds: readonly string[],
    teamIds: readonly string[],
  ) =>
    accounts.push({ user: (of.email ?? '').split('@')[0] ?? '', personId: of.id, role, everything, siteIds, teamIds });

  for (const [acronym, name] of centralUnits) {
    const of = unit(acronym, name, headquarters);
    person(headquarters, of, headTitles[acronym] ?? `Directora General de ${acronym}`, { seniorManagement: true });
    for (let i = 0; i < 8; i++) person(headquarters, of, dice.pick(staffTitles));
  }
  const counter = unit('CAC', 'Plataforma de Atención al Ciudadano', citizenCentre);
  for (let i = 0; i < 10; i++)
    person(citizenCentre, counter, i === 0 ? 'Coordinadora de plataforma' : 'Orientador de ventanilla');
  for (const place of offices) {
    const of = unit(`G${place.code}`, place.name, place);
    person(place, of, `Gerente Regional de Trabajo - ${place.region}`);
    for (let i = dice.int(5, 6); i > 0; i--)
      person(place, of, i === 1 ? 'Orientador de ventanilla' : dice.pick(staffTitles));
  }

  const desk = orgUnits.find((one) => one.acronym === 'OTIC') ?? unit('OTIC', 'OTIC', headquarters);
  for (const [key, spec] of Object.entries(teamSpecs)) {
    const regional = offices.filter((place) => place.macro === spec.macro);
    for (let i = 0; i < spec.members; i++) {
      const home = regional.length === 0 ? headquarters : (regional[i % regional.length] ?? headquarters);
      const technician = person(home, desk, `Técnico de soporte, nivel ${spec.tier}`, { agent: true });
      const teamId = dice.id('team', key);
      memberships.push({ ...row('membership', key, i), teamId, personId: technician.id });
      const scope =
        spec.macro === null ? (spec.tier === 1 ? places.filter((place) => place.macro === 'central') : []) : regional;
      account(technician, 'technician', false, scope.map(siteId), [teamId]);
    }
  }
  for (const { macros, title } of supervisorSpecs) {
    const supervisor = person(headquarters, desk, title, { agent: true });
    const grant = macros === null ? [] : places.filter((place) => macros.includes(place.macro)).map(siteId);
    const regional = macros === null ? [] : macros.map((macro) => dice.id('team', macro));
    account(supervisor, 'supervisor', macros === null, grant, regional);
  }
  account(person(headquarters, desk, 'Administrador de la plataforma', { agent: true }), 'administrator', true, [], []);
  account(person(headquarters, desk, 'Auditora de OGETIC', { agent: true }), 'auditor', true, [], []);
  return { sites, orgUnits, services, teams, people, memberships, assets, accounts };
}

const ascii = (text: string): string => foldText(text).replace(/[^a-z0-9]/gu, '');
