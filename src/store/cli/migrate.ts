import type { Command } from 'commander';
import { withDatabase } from './with-database.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema of the database up to date; safe to run by several at once')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .action(async (flags: { databaseUrl?: string }) => {
      await withDatabase(flags.databaseUrl, async () => undefined);
      process.stdout.write('The schema is up to date.\n');
    });
}
