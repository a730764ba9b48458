import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackupFailure } from '../backup/write-backup.ts';
import { ConfigError, readDatabaseUrl } from '../runtime-config.ts';
import { showProgress } from './show-progress.ts';

interface BackupFlags {
  databaseUrl?: string;
  json?: boolean;
}

function words(path: string, failure: BackupFailure): string {
  switch (failure.code) {
    case 'exists':
      return `FILE is there already, and a backup is never overwritten: ${path}`;
    case 'unwritable':
      return `FILE cannot be written (${failure.why}): ${path}`;
    case 'noSchema':
      return 'The database of --database-url has no tables of the store: there is nothing to back up.';
  }
}

async function runBackup(given: string, flags: BackupFlags): Promise<void> {
  const path = resolve(given);
  const started = Date.now();
  const options = { url: readDatabaseUrl(flags.databaseUrl), path, now: Date.now, onProgress: showProgress('Backup') };
  const { writeBackup } = await import('../backup/write-backup.ts');
  const done = await writeBackup(options);
  if (!done.ok) throw new ConfigError(words(path, done.error));
  const { rows, bytes, desks } = done.value;
  const seconds = (Date.now() - started) / 1_000;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ file: path, rows, bytes, seconds, desks })}\n`
      : `${path}: ${rows} rows of ${desks.map(({ name }) => name).join(', ')}; ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s\n` +
          'It holds hashes of passwords and of tokens: keep it as you keep the database.\n',
  );
}

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write the whole database into one file, as it is at one moment; stores may go on serving')
    .argument('<file>', 'made with access for its owner alone; never overwritten')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--json', 'print the report as one JSON object')
    .action(runBackup);
}
