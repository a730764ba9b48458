import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { roleSchema } from '../../domain/vocabulary.ts';
import type { DeviceRow } from '../admin/accounts.ts';
import { createPasswords } from '../auth/passwords.ts';
import type { Database } from '../db/pool.ts';
import { newId } from '../new-id.ts';
import { ConfigError } from '../runtime-config.ts';
import { withDatabase } from './with-database.ts';

interface AddFlags {
  databaseUrl?: string;
  user: string;
  email: string;
  role: string;
  desk?: string;
  everything?: boolean;
  site: string[];
  team: string[];
  actOnBehalf?: boolean;
}
const admin = () => import('../admin/accounts.ts');
const say = (text: string) => process.stdout.write(`${text}\n`);
const collect = (value: string, before: string[]) => [...before, value];
const newPassword = () => randomBytes(12).toString('base64url');

async function deskId(db: Database, given: string | undefined): Promise<string> {
  const { rows } = await db.pool.query<{ id: string; name: string }>('select id, name from desks order by created_at');
  const found = given === undefined ? rows : rows.filter((desk) => desk.name === given || desk.id === given);
  if (found.length === 1 && found[0]) return found[0].id;
  throw new ConfigError(
    rows.length === 0
      ? 'There is no desk yet: seed or import one first.'
      : `--desk must name one of: ${rows.map((desk) => desk.name).join(', ')}.`,
  );
}

/** Ids of directory rows by a value of theirs; every value must be there. */
async function idsBy(
  db: Database,
  desk: string,
  flag: string,
  table: 'sites' | 'teams' | 'people',
  key: 'code' | 'name' | 'email',
  values: string[],
) {
  const { rows } = await db.pool.query<{ id: string; value: string }>(
    `select id, doc::json->>'${key}' as value from ${table} where desk_id = $1 and doc::json->>'${key}' = any($2)`,
    [desk, values],
  );
  const missing = values.find((value) => !rows.some((row) => row.value === value));
  if (missing !== undefined)
    throw new ConfigError(`${flag}: there is no ${key} ${JSON.stringify(missing)} in the directory.`);
  return rows.map((row) => row.id);
}

async function addOne(flags: AddFlags): Promise<void> {
  const role = roleSchema.safeParse(flags.role);
  if (!role.success) throw new ConfigError(`--role must be one of ${roleSchema.options.join(', ')}.`);
  await withDatabase(flags.databaseUrl, async (db) => {
    const desk = await deskId(db, flags.desk);
    const [personId] = await idsBy(db, desk, '--email', 'people', 'email', [flags.email]);
    if (personId === undefined) throw new ConfigError('--email is missing.');
    const password = newPassword();
    const { createAccount } = await admin();
    const made = await createAccount(
      { db, passwords: createPasswords() },
      {
        deskId: desk,
        id: newId(),
        user: flags.user,
        password,
        personId,
        role: role.data,
        mustChangePassword: true,
        actOnBehalf: flags.actOnBehalf ?? false,
        everything: flags.everything ?? false,
        siteIds: await idsBy(db, desk, '--site', 'sites', 'code', flags.site),
        teamIds: await idsBy(db, desk, '--team', 'teams', 'name', flags.team),
        now: Date.now(),
      },
    );
    if (!made.ok) throw new ConfigError(`--user: ${JSON.stringify(flags.user)} is taken.`);
    say(`${flags.user}: first password ${password}, to be changed at the first sign-in`);
  });
}

/** A revoked device hands in what it has and erases itself; until it has said so, its disk may still hold the desk's data. */
function stateOf(device: DeviceRow): string {
  const { wipedAt } = device;
  if (wipedAt !== null) {
    const left = device.leftBehind ?? 0;
    const kept = left === 0 ? '' : `, ${left} could not be`;
    return `  wiped ${new Date(wipedAt).toISOString()} (${device.handedIn ?? 0} handed in${kept})`;
  }
  return device.revokedAt === null ? '' : '  revoked, not yet wiped';
}

const databaseUrl = ['--database-url <url>', 'PostgreSQL (or CHASQUI_DATABASE_URL)'] as const;

export function addAccount(program: Command): void {
  const account = program.command('account').description('accounts and devices of people');
  account
    .command('add')
    .description('give a person of the directory an account')
    .option(...databaseUrl)
    .requiredOption('--user <name>', 'name to sign in with')
    .requiredOption('--email <address>', 'e-mail of the person in the directory')
    .option('--role <role>', roleSchema.options.join(', '), 'technician')
    .option('--desk <name>', 'desk, where there are several')
    .option('--site <code>', 'site whose tickets it may see; repeatable', collect, [])
    .option('--team <name>', 'team whose tickets it may see, besides the person’s own; repeatable', collect, [])
    .option('--everything', 'may see the whole desk')
    .option('--act-on-behalf', 'a program that submits for others (imports)')
    .action(addOne);
  account
    .command('list')
    .description('accounts with their devices')
    .option(...databaseUrl)
    .action((flags: { databaseUrl?: string }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const { listAccounts, listDevices } = await admin();
        for (const row of await listAccounts(db)) {
          say(`${row.user}  ${row.role}${row.revokedAt === null ? '' : '  revoked'}`);
          for (const device of await listDevices(db, row.id)) {
            say(`  ${device.id}  ${device.prefix}  ${device.name}${stateOf(device)}`);
          }
        }
      }),
    );
  account
    .command('reset-password <user>')
    .description('print a new first password and end all sessions of the account')
    .option(...databaseUrl)
    .action((user: string, flags: { databaseUrl?: string }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const password = newPassword();
        const { resetPassword } = await admin();
        const done = await resetPassword({ db, passwords: createPasswords(), now: Date.now }, user, password);
        if (!done.ok) throw new ConfigError(`There is no account ${JSON.stringify(user)}.`);
        say(`${user}: first password ${password}, to be changed at the next sign-in`);
      }),
    );
  account
    .command('revoke <user>')
    .description('from now on that account may only hand in what its devices wrote')
    .option(...databaseUrl)
    .action((user: string, flags: { databaseUrl?: string }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const { revokeAccount } = await admin();
        if (!(await revokeAccount(db, user, Date.now())))
          throw new ConfigError(`There is no account ${JSON.stringify(user)}.`);
        say('revoked');
      }),
    );
  account
    .command('revoke-device <id>')
    .description('from now on that device may only hand in what it wrote')
    .option(...databaseUrl)
    .action((id: string, flags: { databaseUrl?: string }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const { revokeDevice } = await admin();
        if (!(await revokeDevice(db, id, Date.now())))
          throw new ConfigError(`There is no device ${JSON.stringify(id)}.`);
        say('revoked');
      }),
    );
}
