import { access, constants } from 'node:fs/promises';
import type { Command } from 'commander';
import { createPasswords } from '../auth/passwords.ts';
import { sha256 } from '../commands/sha256.ts';
import type { ImportReport } from '../import/bpic13/import-log.ts';
import { ConfigError } from '../runtime-config.ts';
import { showProgress } from './show-progress.ts';
import { withDatabase } from './with-database.ts';

interface ImportFlags {
  databaseUrl?: string;
  json?: boolean;
}

const counts = (record: Readonly<Record<string, number>>): string =>
  Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function reportLines({ submitted, log, store, tally, unreadable, differences }: ImportReport): string[] {
  const { refused, ...rows } = tally;
  return [
    `${submitted.total} commands (${submitted.resumedAt} of them written before): ${counts(submitted.verdicts) || 'nothing new'}`,
    `log:   ${log.tickets} tickets; moves ${counts(log.moves)}; begin at tier ${counts(log.startsAt)}; reopenings ${log.reopenings}`,
    `store: ${store.tickets} tickets; moves ${counts(store.moves)}; begin at tier ${counts(store.startsAt)}; reopenings ${store.reopenings}`,
    `rows that are no plain act: ${counts(rows)}`,
    ...unreadable.map(({ line, why }) => `UNREADABLE line ${line}: ${why}`),
    ...refused.map(({ row, command, code }) => `NOT MAPPED row ${row}: ${command} ${code}`),
    ...submitted.refused.map(({ commandId, type, code }) => `REFUSED ${commandId}: ${type} ${code}`),
    ...differences.map((difference) => `DIFFERS ${difference}`),
  ];
}

async function importBpic13(file: string, flags: ImportFlags): Promise<void> {
  await access(file, constants.R_OK).catch(() => {
    throw new ConfigError(`FILE cannot be read: ${file}`);
  });
  await withDatabase(flags.databaseUrl, async (db) => {
    let stop = false;
    const onSignal = () => {
      stop = true;
    };
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    const { createDeskStore } = await import('../db/desk-store.ts');
    const { importLog } = await import('../import/bpic13/import-log.ts');
    const deps = { db, passwords: createPasswords(), desks: createDeskStore(db), sha256, now: Date.now };
    const done = await importLog({ ...deps, onProgress: showProgress('BPIC 2013'), shouldStop: () => stop }, file);
    if (!done.ok) {
      process.stderr.write(
        `The import stopped (${done.error.code}): run the same command again, it goes on from where it was.\n`,
      );
      process.exitCode = 1;
      return;
    }
    const report = done.value;
    if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else for (const line of reportLines(report)) process.stdout.write(`${line}\n`);
    if (report.submitted.stopped)
      process.stderr.write('Stopped as asked: run the same command again, it goes on from here.\n');
    if (report.submitted.stopped || report.differences.length > 0 || report.submitted.refused.length > 0)
      process.exitCode = 1;
  });
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('replay a foreign log through the command processing')
    .command('bpic13')
    .description(
      "BPI Challenge 2013's incident log (CSV, gzipped or not) into a desk of its own; resumes; 1 when the counts differ",
    )
    .argument('<file>', 'bpic13_incidents.csv or .csv.gz')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--json', 'print the report as one JSON object')
    .action(importBpic13);
}
