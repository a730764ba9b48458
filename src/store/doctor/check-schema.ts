import { readMigrationFiles } from 'drizzle-orm/migrator';
import { appliedMigrations } from '../backup/read-schema.ts';
import { migrationsFolder } from '../db/migrate.ts';
import { bad, type Check, good } from './finding.ts';

/** Whether the database has gone through every migration of this program, and through no other. */
export const checkSchema: Check = async ({ client }) => {
  const ours = readMigrationFiles({ migrationsFolder }).map(({ hash }) => hash);
  const applied = await appliedMigrations(client);
  const missing = ours.filter((hash) => !applied.includes(hash)).length;
  const unknown = applied.filter((hash) => !ours.includes(hash)).length;
  const facts = { applied: applied.length, missing, unknown };
  if (applied.length === 0)
    return [
      bad(
        'fault',
        'schema',
        'the database holds no tables of the store',
        'Start `store serve`, or run `store migrate`.',
      ),
    ];
  if (unknown > 0)
    return [
      bad(
        'fault',
        'schema',
        `the database went through ${unknown} migrations that this program does not know`,
        'A newer program has served it: install that version here.',
        facts,
      ),
    ];
  if (missing > 0)
    return [
      bad(
        'warning',
        'schema',
        `${missing} migrations of this program are still to run`,
        'They run at the next start of `store serve`, or by `store migrate`. Take a backup first.',
        facts,
      ),
    ];
  return [good('schema', `all ${ours.length} migrations have run, and no others`, facts)];
};
