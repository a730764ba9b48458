import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Finding, FindingLevel } from '../doctor/finding.ts';
import { readDatabaseUrl } from '../runtime-config.ts';
import { addReachOptions, type BlobFlags, readBlobs } from './blob-options.ts';
import { filesAddressFinding } from './files-address.ts';

interface DoctorFlags extends BlobFlags {
  databaseUrl?: string;
  data?: string;
  quick?: boolean;
  json?: boolean;
}

const marks: Record<FindingLevel, string> = { good: 'ok', note: 'note', warning: 'WARNING', fault: 'FAULT' };

function lines(findings: readonly Finding[]): string[] {
  const told = findings.flatMap(({ check, level, what, advice }) => [
    `${marks[level].padEnd(8)} ${check.padEnd(11)} ${what}`,
    ...(advice === null || level === 'good' ? [] : [`${' '.repeat(21)}→ ${advice}`]),
  ]);
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  return [
    ...told,
    faults + warnings === 0
      ? 'Everything that was looked at is well.'
      : `${faults} fault${faults === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}.`,
  ];
}

/** Why the database cannot be asked, by the code of the failure. */
const unreachable: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: [
    'nothing listens at the address of the database',
    'Is PostgreSQL running, and are host and port right?',
  ],
  ENOTFOUND: ['the name of the database’s machine is not known', 'Is the host of --database-url spelt right?'],
  EAI_AGAIN: [
    'the name of the database’s machine could not be looked up',
    'Does name resolution work on this machine?',
  ],
  ETIMEDOUT: ['the machine of the database does not answer', 'Is it on, and does a firewall let this machine through?'],
  ESILENT: [
    'something takes connections at the address of the database and says nothing',
    'Is PostgreSQL halted or overloaded? Its own log and its processes say more. Else a proxy or a firewall in between swallows the answers.',
  ],
  EHOSTUNREACH: ['there is no way to the machine of the database', 'Is the network up?'],
  '28P01': ['the database refused the password', 'Correct the password of --database-url.'],
  '28000': ['the database refused the account', 'Let it in by pg_hba.conf, from this machine.'],
  '3D000': ['the server has no database of that name', 'Make it (createdb), or correct --database-url.'],
  '53300': ['the server takes no more connections', 'Raise max_connections, or end some: see pg_stat_activity.'],
  '57P03': ['the server is starting or stopping', 'Wait a moment and ask again; its own log says more.'],
};

const brokeOff = [
  'the connection to the database broke off, and there is no new one',
  'Did PostgreSQL end or restart? Its own log says more.',
] as const;

function unreachableFinding(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const [what, advice] = unreachable[code ?? ''] ?? brokeOff;
  const told = code === null ? what : `${what} (${code})`;
  return { check: 'database', level: 'fault', what: told, advice, facts: { code } };
}

async function runDoctorCommand(flags: DoctorFlags): Promise<void> {
  const url = readDatabaseUrl(flags.databaseUrl);
  const place = readBlobs(flags)?.place ?? null;
  const address = place === null ? null : filesAddressFinding(flags);
  const [{ openDatabase }, { runDoctor }, { checkFiles }] = await Promise.all([
    import('../db/pool.ts'),
    import('../doctor/run-doctor.ts'),
    import('../doctor/check-files.ts'),
  ]);
  // No migration first, as the other commands do: what is there is looked at as it is.
  const db = openDatabase({ url, maxConnections: 2, onIdleError: () => undefined });
  let findings: readonly Finding[] = [];
  try {
    findings = await runDoctor(db, {
      now: Date.now,
      quick: flags.quick ?? false,
      folder: flags.data === undefined ? null : resolve(flags.data),
    });
    const migrated = findings.some(({ check, level }) => check === 'schema' && level === 'good');
    if (migrated) findings = [...findings, ...(await checkFiles(db, place))];
    if (address !== null) findings = [...findings, address];
    if (findings.some(({ level }) => level === 'fault' || level === 'warning')) process.exitCode = 1;
  } catch (error) {
    // Nothing else ends the looking: what one check cannot do is a finding. What was found before stays found.
    findings = [...findings, unreachableFinding(error)];
    process.exitCode = 2;
  } finally {
    await db.close();
  }
  const told = flags.json ? [JSON.stringify({ at: Date.now(), findings })] : lines(findings);
  process.stdout.write(`${told.join('\n')}\n`);
}

export function addDoctor(program: Command): void {
  const doctor = program
    .command('doctor')
    .description(
      'look at database, durability, clock, disk, schema, indexes, epochs, audit trail and the place of files, and say what to do; 1 when something needs a hand, 2 when the database cannot be asked',
    )
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option(
      '--host <address>',
      'as given to serve: with --blobs-port and --blobs-url, where consoles fetch files',
      '127.0.0.1',
    )
    .option('--data <folder>', 'look at the disk of this folder too (attachments, backups)')
    .option('--quick', 'count only the end of each log again, not all of it')
    .option('--json', 'print the findings as one JSON object');
  addReachOptions(doctor).action(runDoctorCommand);
}
