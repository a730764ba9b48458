import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RestoreFailure } from '../backup/restore-backup.ts';
import { newId } from '../new-id.ts';
import { ConfigError, readDatabaseUrl } from '../runtime-config.ts';
import { showProgress } from './show-progress.ts';

interface RestoreFlags {
  databaseUrl?: string;
  replace?: boolean;
  json?: boolean;
}

/** What to do about it, in one sentence or two. Whatever it is, the database is as it was before. */
function words(path: string, failure: RestoreFailure): string {
  switch (failure.code) {
    case 'unreadable':
      return `FILE cannot be read (${failure.why}): ${path}`;
    case 'notABackup':
      return `FILE is no backup of this program: ${path}`;
    case 'otherFormat':
      return `FILE is a backup of form ${failure.format}, which this program does not know: restore it with the program that wrote it, or a later one.`;
    case 'cutShort':
      return 'FILE ends before its end: it was not copied to the last byte. Fetch it again.';
    case 'changed':
      return 'FILE was changed since it was written: its checksum differs. Fetch it again, or take another backup.';
    case 'newerSchema':
      return 'FILE, or the database, is of a later version of this program: update it, then restore.';
    case 'olderSchema':
      return 'FILE is of an earlier schema than the database. Restore it into a new, empty database: it is brought up to date there.';
    case 'served':
      return 'A store serves this database, or another restore runs: stop it first.';
    case 'notEmpty':
      return `The database holds ${failure.desks.join(', ')}. Give --replace to put the backup in its place; what came after the backup is then only what consoles still hold.`;
    case 'tablesDiffer':
      return `The table ${failure.table} is not as the backup has it: this database was changed by other means than this program.`;
    case 'countDiffers':
      return `The table ${failure.table} should have ${failure.expected} rows and took ${failure.found}.`;
    case 'faults':
      return [
        `${failure.desk} does not add up after the restore:`,
        ...failure.faults.map((fault) => `  FAULT ${fault}`),
      ].join('\n');
  }
}

/** A console that somebody is signed in to hands in by itself; a profile that was signed out has no token before its person is back. */
const WHOM_TO_ASK =
  'Ask every person to sign in once on every machine that they used since the backup: who is signed out there hands in only then. `verify` counts and `orphans` lists what waits for a ticket that has not come back.';

async function runRestore(given: string, flags: RestoreFlags): Promise<void> {
  const path = resolve(given);
  const shows = { check: showProgress('Checking the file'), load: showProgress('Restore') };
  const { restoreBackup } = await import('../backup/restore-backup.ts');
  const done = await restoreBackup({
    url: readDatabaseUrl(flags.databaseUrl),
    path,
    replace: flags.replace ?? false,
    now: Date.now,
    newId,
    onProgress: (what, rows, total) => shows[what](rows, total),
  });
  if (!done.ok) throw new ConfigError(`${words(path, done.error)}\nNothing was changed.`);
  const { createdAt, rows, revokedAgain, desks } = done.value;
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ createdAt, rows, revokedAgain, desks })}\n`);
    return;
  }
  const lines = [
    `Restored the state of ${new Date(createdAt).toISOString()}: ${rows} rows, verified.`,
    ...desks.map(({ name, epoch }) => `${name}: epoch ${epoch}. Its consoles send again what came later.`),
    WHOM_TO_ASK,
    revokedAgain === null
      ? 'Accounts and devices that were revoked after the backup are in service again: revoke them before you start the store.'
      : `${revokedAgain} accounts and devices that were revoked after the backup stay revoked.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('put a backup into a database, whole or not at all, and open a new epoch for its consoles')
    .argument('<file>', 'written by backup')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--replace', 'in the place of what the database holds')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
After it:
  1. Revoke again what the report says is in service again; start the store.
  2. ${WHOM_TO_ASK}
     A console keeps what the store answered for 45 days.`,
    )
    .action(runRestore);
}
