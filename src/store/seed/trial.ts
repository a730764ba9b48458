import type { TrialAccount } from '../../protocol/sync/auth.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { createAccount } from '../admin/accounts.ts';
import { createDesk, putDirectory } from '../admin/desks.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { PushDeps } from '../commands/process-push.ts';
import type { Database } from '../db/pool.ts';
import { ensureProgram } from '../import/program-principal.ts';
import { submitPlan } from '../import/submit-plan.ts';
import { createDice } from './trial/dice.ts';
import { createOrganisation, type Organisation } from './trial/organisation.ts';
import { planTickets } from './trial/plan-tickets.ts';

export interface SeedDeps extends PushDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly onProgress: (done: number, total: number) => void;
}
export interface SeedOptions {
  readonly seed: number;
  /** The trial's tickets end here; a second run must be given the same. */
  readonly until: number;
  /** One password for every account of the trial: it guards made-up people on a loopback address. */
  readonly password: string;
}
export interface SeedReport {
  readonly deskId: string;
  readonly people: number;
  readonly tickets: number;
  readonly commands: number;
  readonly refused: number;
  readonly accounts: readonly TrialAccount[];
}

/**
 * The trial's organisation, with its accounts and tickets, through the same command processing as any console. Stopped half
 * way and run again with the same options, it goes on; run twice, it changes nothing.
 */
export async function seedTrial(
  deps: SeedDeps,
  options: SeedOptions,
): Promise<Result<SeedReport, 'userTaken' | 'busy'>> {
  const dice = createDice(options.seed);
  const deskId = dice.id('desk');
  const now = deps.now();
  await createDesk(deps.db, { id: deskId, name: 'Mesa de Servicio (prueba)', epoch: dice.id('epoch'), now });
  const org = createOrganisation(dice);
  await putDirectory(deps.db, deskId, {
    site: org.sites,
    orgUnit: org.orgUnits,
    service: org.services,
    team: org.teams,
    person: org.people,
    membership: org.memberships,
    asset: org.assets,
  });
  for (const spec of org.accounts) {
    const id = dice.id('account', spec.user);
    const made = await createAccount(deps, {
      ...spec,
      deskId,
      id,
      password: options.password,
      mustChangePassword: false,
      now,
    });
    if (!made.ok && made.error === 'busy') return err('busy');
  }
  const programPersonId = dice.id('program');
  const principal = await ensureProgram(deps, {
    deskId,
    user: `trial-${options.seed}`,
    name: 'Datos de prueba',
    accountId: dice.id('programAccount'),
    personId: programPersonId,
    deviceId: dice.id('programDevice'),
    now,
  });
  const plan = planTickets(dice, org, programPersonId, options.until);
  const submitted = await submitPlan(
    { ...deps, principal, incarnation: dice.id('incarnation'), shouldStop: () => false },
    plan,
  );
  if (!submitted.ok) return err('busy');
  return ok({
    deskId,
    people: org.people.length,
    tickets: new Set(plan.map((planned) => planned.ticketId)).size,
    commands: plan.length,
    refused: submitted.value.refused.length,
    accounts: trialAccounts(org, options.password),
  });
}

/** The accounts as the sign-in screen offers them: technicians by tier, then supervisors, administrator, auditor. */
function trialAccounts(org: Organisation, password: string): TrialAccount[] {
  const site = new Map(org.sites.map((row) => [row.id, row.name]));
  const person = new Map(org.people.map((row) => [row.id, row]));
  const tier = new Map(org.teams.map((row) => [row.id, row.tier]));
  return org.accounts.map((spec) => {
    const who = person.get(spec.personId);
    const team = org.memberships.find((row) => row.personId === spec.personId)?.teamId;
    return {
      user: spec.user,
      password,
      role: spec.role,
      tier: team === undefined ? null : (tier.get(team) ?? null),
      site: site.get(who?.siteId ?? '') ?? '',
      name: who?.name ?? spec.user,
    };
  });
}

/** The same accounts without a database: what `GET /auth/v1/trial` and the start line show. */
export function trialAccountsOf(options: Pick<SeedOptions, 'seed' | 'password'>): TrialAccount[] {
  const dice = createDice(options.seed);
  return trialAccounts(createOrganisation(dice), options.password);
}
