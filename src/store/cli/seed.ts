import type { Command } from 'commander';
import { createPasswords } from '../auth/passwords.ts';
import { ConfigError } from '../runtime-config.ts';
import { trialDefaults } from '../seed/trial-defaults.ts';
import { showProgress } from './show-progress.ts';
import { withDatabase } from './with-database.ts';

interface SeedFlags {
  databaseUrl?: string;
  trial?: boolean;
  seed: string;
  json?: boolean;
}

function readSeed(given: string): number {
  if (!/^[0-9]{1,9}$/.test(given))
    throw new ConfigError(`--seed must be a whole number of at most nine digits, not ${JSON.stringify(given)}.`);
  return Number(given);
}

export function addSeed(program: Command): void {
  program
    .command('seed')
    .description('fill the database with a made-up organisation; goes on where it was stopped')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--trial', 'the trial: headquarters, 25 offices, about 300 people, 24 technicians, 600 tickets')
    .option(
      '--seed <number>',
      'another seed makes another organisation, on a desk of its own',
      String(trialDefaults.seed),
    )
    .option('--json', 'print the accounts as one JSON object')
    .action((flags: SeedFlags) => {
      if (!flags.trial) throw new ConfigError('--trial is missing: it is the only organisation there is to seed.');
      const seed = readSeed(flags.seed);
      return withDatabase(flags.databaseUrl, async (db) => {
        const deps = {
          db,
          passwords: createPasswords(),
          now: Date.now,
          onProgress: showProgress('Trial organisation'),
        };
        const { seedTrial } = await import('../seed/trial.ts');
        const seeded = await seedTrial(deps, { ...trialDefaults, seed });
        if (!seeded.ok) {
          process.stderr.write(
            'The database is too busy: run the same command again, it goes on from where it stopped.\n',
          );
          process.exitCode = 1;
          return;
        }
        const { accounts, people, tickets, refused } = seeded.value;
        if (refused > 0) process.exitCode = 1;
        const words = `${people} people, ${tickets} tickets, ${accounts.length} accounts; password ${trialDefaults.password}`;
        process.stdout.write(`${flags.json ? JSON.stringify(seeded.value) : words}\n`);
      });
    });
}
