import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { TrialAccount } from '../../protocol/sync/auth.ts';
import { createPasswords } from '../auth/passwords.ts';
import { readLogLevel, readPort } from '../runtime-config.ts';
import { findRunning, type Runtime, removeRuntime, writeRuntime } from './runtime-file.ts';
import { showProgress } from './show-progress.ts';
import { untilTold } from './until-told.ts';

interface TrialFlags {
  data: string;
  port: string;
  logLevel: string;
  blobsPort: string;
  json?: boolean;
}
const DATABASE = 'chasqui';

const announce = (flags: TrialFlags, runtime: Pick<Runtime, 'url' | 'accounts'>): void => {
  const accounts = runtime.accounts.map(({ user, password, role, tier, site }) => ({
    user,
    password,
    role,
    tier,
    site,
  }));
  const words = `The trial's store answers at ${runtime.url}`;
  process.stdout.write(`${flags.json ? JSON.stringify({ store: { url: runtime.url }, accounts }) : words}\n`);
};

/** Brings schema and trial organisation up to date in the embedded server; does nothing the second time. */
async function prepare(adminUrl: string, databaseUrl: string): Promise<readonly TrialAccount[]> {
  const { openDatabase } = await import('../db/pool.ts');
  const admin = openDatabase({ url: adminUrl, maxConnections: 1, onIdleError: () => undefined });
  try {
    const { rowCount } = await admin.pool.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await admin.pool.query(`create database ${DATABASE}`);
  } finally {
    await admin.close();
  }
  const db = openDatabase({ url: databaseUrl, maxConnections: 4, onIdleError: () => undefined });
  try {
    const { migrateDatabase } = await import('../db/migrate.ts');
    await migrateDatabase(db);
    const { seedTrial, trialDefaults } = await import('../seed/trial.ts');
    const deps = { db, passwords: createPasswords(), now: Date.now, onProgress: showProgress('Trial organisation') };
    const seeded = await seedTrial(deps, trialDefaults);
    if (!seeded.ok) throw new Error('the trial could not be seeded: another program writes to its database');
    return seeded.value.accounts;
  } finally {
    await db.close();
  }
}

async function runTrial(flags: TrialFlags): Promise<void> {
  const level = readLogLevel(flags.logLevel);
  const port = readPort(flags.port);
  const folder = resolve(flags.data);
  const running = await findRunning(folder);
  if (running !== null) {
    // Another start of the same data: this one only lends its name and ends when told to.
    announce(flags, running);
    await untilTold({ watchStdin: true });
    return;
  }
  const told = untilTold({ watchStdin: true });
  // Loaded here alone: explaining itself, and the second start of a trial, do without.
  const { startEmbeddedPostgres } = await import('../embedded/start.ts');
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), durable: true });
  try {
    const databaseUrl = postgres.url(DATABASE);
    const accounts = [...(await prepare(postgres.url('postgres'), databaseUrl))];
    const [{ createLogger }, { startStore }] = await Promise.all([import('./logger.ts'), import('../start-store.ts')]);
    const logger = createLogger(level);
    const blobs = {
      place: { kind: 'folder' as const, folder: join(folder, 'files') },
      host: '127.0.0.1',
      port: readPort(flags.blobsPort, '--blobs-port'),
      publicUrl: null,
    };
    const store = await startStore({ databaseUrl, host: '127.0.0.1', port, logger, trialAccounts: accounts, blobs });
    try {
      const runtime = { pid: process.pid, url: store.url, databaseUrl, accounts };
      await writeRuntime(folder, runtime);
      announce(flags, runtime);
      const lost = postgres.ended.then(() => 'PostgreSQL has ended');
      logger.info({ reason: await Promise.race([told, lost]) }, 'ending');
    } finally {
      await removeRuntime(folder);
      await store.stop();
    }
  } finally {
    await postgres.stop();
  }
}

export function addTrial(program: Command): void {
  program
    .command('trial')
    .description(
      'the store with an embedded PostgreSQL and a made-up organisation; ends with SIGTERM or with its stdin',
    )
    .requiredOption('--data <folder>', 'where everything of the trial is kept; made when missing')
    .option('--port <number>', 'port of the store; 0 takes a free one', '0')
    .option('--blobs-port <number>', 'port that files of attachments are read from; 0 takes a free one', '0')
    .option('--log-level <level>', 'trace, debug, info, warn, error, silent', 'warn')
    .option('--json', 'print one line {"store":{"url"},"accounts":[…]} when ready')
    .action(runTrial);
}
