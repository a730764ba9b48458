import { and, eq } from 'drizzle-orm';
import type { TrialAccount } from '../../protocol/sync/auth.ts';
import { assert } from '../../shared/assert.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { createAccount } from '../admin/accounts.ts';
import { createDesk, putDirectory } from '../admin/desks.ts';
import type { Passwords } from '../auth/passwords.ts';
import { sha256 } from '../commands/sha256.ts';
import { createDeskStore } from '../db/desk-store.ts';
import type { Database } from '../db/pool.ts';
import { incarnations } from '../db/schema/tickets.ts';
import { ensureProgram } from '../import/program-principal.ts';
import { submitPlan } from '../import/submit-plan.ts';
import { createDice } from './trial/dice.ts';
import { createOrganisation, type Organisation } from './trial/organisation.ts';
import { planTickets, TRIAL_TICKETS } from './trial/plan-tickets.ts';
import type { SeedOptions } from './trial-defaults.ts';

export { trialDefaults } from './trial-defaults.ts';

export interface SeedDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly onProgress: (done: number, total: number) => void;
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
 * way and run again, it goes on; run twice, it changes nothing. The tickets end at the desk's own beginning.
 */
export async function seedTrial(deps: SeedDeps, options: SeedOptions): Promise<Result<SeedReport, 'busy'>> {
  const { db } = deps;
  const dice = createDice(options.seed);
  const deskId = dice.id('desk');
  await createDesk(db, { id: deskId, name: 'Mesa de Servicio (prueba)', epoch: dice.id('epoch'), now: deps.now() });
  const until = await createdAt(db, deskId);
  const org = createOrganisation(dice);
  const programPersonId = dice.id('program');
  const plan = planTickets(dice, org, programPersonId, until);
  const report = {
    deskId,
    people: org.people.length,
    tickets: TRIAL_TICKETS,
    commands: plan.length,
    refused: 0,
    accounts: trialAccounts(org, options.password),
  };
  const program = {
    deskId,
    user: `trial-${options.seed}`,
    name: 'Datos de prueba',
    accountId: dice.id('programAccount'),
    personId: programPersonId,
    deviceId: dice.id('programDevice'),
    now: until,
  };
  const incarnation = dice.id('incarnation');
  if ((await lastOfChain(db, program.deviceId, incarnation)) >= plan.length) return ok(report);

  await putDirectory(db, deskId, {
    site: org.sites,
    orgUnit: org.orgUnits,
    service: org.services,
    team: org.teams,
    person: org.people,
    membership: org.memberships,
    asset: org.assets,
  });
  for (const spec of org.accounts) {
    const account = { ...spec, deskId, id: dice.id('account', spec.user), password: options.password };
    const made = await createAccount(deps, { ...account, mustChangePassword: false, now: until });
    if (!made.ok && made.error === 'busy') return err('busy');
  }
  const principal = await ensureProgram(deps, program);
  const submitted = await submitPlan(
    {
      desks: createDeskStore(db),
      now: deps.now,
      sha256,
      principal,
      incarnation,
      onProgress: deps.onProgress,
      shouldStop: () => false,
    },
    plan,
  );
  return submitted.ok ? ok({ ...report, refused: submitted.value.refused.length }) : err('busy');
}

async function createdAt(db: Database, deskId: string): Promise<number> {
  const { rows } = await db.pool.query<{ at: number }>('select created_at as at from desks where id = $1', [deskId]);
  const at = rows[0]?.at;
  assert(at !== undefined, 'the desk was just made or found');
  return at;
}

async function lastOfChain(db: Database, deviceId: string, incarnation: string): Promise<number> {
  const [head] = await db.orm
    .select({ last: incarnations.lastN })
    .from(incarnations)
    .where(and(eq(incarnations.deviceId, deviceId), eq(incarnations.incarnation, incarnation)));
  return head?.last ?? 0;
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
