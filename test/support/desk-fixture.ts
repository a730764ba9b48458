import { v7 } from 'uuid';
import type { Role } from '../../src/domain/vocabulary.ts';
import { createAccount } from '../../src/store/admin/accounts.ts';
import { createDesk, putDirectory } from '../../src/store/admin/desks.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import type { Database } from '../../src/store/db/pool.ts';
import type { StoreDeskSettings } from '../../src/store/desk-settings.ts';

export const PASSWORD = 'correcto caballo grapa';

export interface FixtureAccount {
  readonly user: string;
  readonly password: string;
  readonly accountId: string;
  readonly personId: string;
}
export interface Desk {
  readonly deskId: string;
  readonly sites: { readonly lima: string; readonly cusco: string };
  readonly teams: {
    readonly limaDesk: string;
    readonly cuscoDesk: string;
    readonly systems: string;
    readonly vendor: string;
  };
  readonly services: { readonly email: string };
  readonly assets: { readonly laptop: string };
  readonly requester: string;
  readonly accounts: {
    /** Tier 1 of Lima, of Cusco; tier 2; supervisor of Lima; administrator; a program that imports. */
    readonly ana: FixtureAccount;
    readonly beto: FixtureAccount;
    readonly carla: FixtureAccount;
    readonly dora: FixtureAccount;
    readonly admin: FixtureAccount;
    readonly program: FixtureAccount;
  };
}

/** A small desk: two sites, a tier-1 team at each, one team of tier 2 and one of tier 3. Names carry `tag`, so that two fit a store. */
export async function createFixtureDesk(
  db: Database,
  tag = '',
  settings: Partial<StoreDeskSettings> = {},
): Promise<Desk> {
  const now = Date.now();
  const passwords = createPasswords();
  const deskId = v7();
  await createDesk(db, { id: deskId, name: `Mesa de prueba${tag}`, epoch: v7(), now, settings });
  const [lima, cusco, limaDesk, cuscoDesk, systems, vendor, email, laptop, requester] = Array.from({ length: 9 }, () =>
    v7(),
  ) as [string, string, string, string, string, string, string, string, string];
  const base = { active: true };
  const site = (id: string, code: string, name: string, headquarters: boolean) => ({
    ...base,
    id,
    code,
    name,
    region: name,
    headquarters,
    citizenService: false,
  });
  const team = (id: string, name: string, tier: 1 | 2 | 3, siteId: string | null, triage = false) => ({
    ...base,
    id,
    name,
    tier,
    siteId,
    external: tier === 3,
    triage,
  });
  const person = (id: string, name: string, siteId: string | null, agent: boolean) => ({
    ...base,
    id,
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}@desk.example`,
    extension: '1234',
    jobTitle: null,
    orgUnitId: null,
    siteId,
    seniorManagement: false,
    agent,
  });
  const make = (user: string): FixtureAccount => ({
    user: user + tag,
    password: PASSWORD,
    accountId: v7(),
    personId: v7(),
  });
  const accounts = {
    ana: make('ana'),
    beto: make('beto'),
    carla: make('carla'),
    dora: make('dora'),
    admin: make('admin'),
    program: make('program'),
  };
  const member = (who: FixtureAccount, teamId: string) => ({ ...base, id: v7(), teamId, personId: who.personId });
  await putDirectory(db, deskId, {
    site: [site(lima, 'LIM', 'Sede Central', true), site(cusco, 'CUS', 'Cusco', false)],
    service: [
      {
        ...base,
        id: email,
        code: 'MAIL',
        nameEs: 'Correo',
        nameEn: 'E-mail',
        category: 'email',
        citizenService: false,
      },
    ],
    team: [
      team(limaDesk, 'Mesa Lima', 1, lima, true),
      team(cuscoDesk, 'Mesa Cusco', 1, cusco),
      team(systems, 'Sistemas', 2, null),
      team(vendor, 'Fabricante', 3, null),
    ],
    person: [
      person(requester, 'Rosa Quispe', lima, false),
      person(accounts.ana.personId, 'Ana Ramos', lima, true),
      person(accounts.beto.personId, 'Beto Rojas', cusco, true),
      person(accounts.carla.personId, 'Carla Soto', lima, true),
      person(accounts.dora.personId, 'Dora Paz', lima, true),
      person(accounts.admin.personId, 'Admin', lima, true),
      person(accounts.program.personId, 'Programa', null, false),
    ],
    membership: [member(accounts.ana, limaDesk), member(accounts.beto, cuscoDesk), member(accounts.carla, systems)],
    asset: [
      {
        ...base,
        id: laptop,
        tag: 'PAT-1',
        hostName: 'PC-LIM-1',
        ip: '10.0.0.1',
        model: 'L14',
        personId: requester,
        siteId: lima,
        remoteIds: {},
      },
    ],
  });
  const account = async (who: FixtureAccount, role: Role, more: { siteIds?: string[]; actOnBehalf?: boolean } = {}) => {
    const made = await createAccount(
      { db, passwords },
      {
        deskId,
        id: who.accountId,
        user: who.user,
        password: who.password,
        personId: who.personId,
        role,
        mustChangePassword: false,
        now,
        ...more,
      },
    );
    if (!made.ok) throw new Error(`${who.user}: ${made.error}`);
  };
  await account(accounts.ana, 'technician', { siteIds: [lima] });
  await account(accounts.beto, 'technician', { siteIds: [cusco] });
  await account(accounts.carla, 'technician');
  await account(accounts.dora, 'supervisor', { siteIds: [lima] });
  await account(accounts.admin, 'administrator');
  await account(accounts.program, 'service', { actOnBehalf: true });
  return {
    deskId,
    sites: { lima, cusco },
    teams: { limaDesk, cuscoDesk, systems, vendor },
    services: { email },
    assets: { laptop },
    requester,
    accounts,
  };
}
