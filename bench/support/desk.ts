import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { firstJsonLine } from '../../e2e/support/json-line.ts';
import { createAccount } from '../../src/store/admin/accounts.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { type Database, openDatabase } from '../../src/store/db/pool.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

const storeMain = join(import.meta.dirname, '..', '..', 'src', 'store', 'main.ts');
const dieWithParent = join(import.meta.dirname, '..', '..', 'launcher', 'boot', 'die-with-parent.js');
const readySchema = z.object({ store: z.object({ url: z.string() }) });

export interface BenchAccount {
  readonly user: string;
  readonly password: string;
}

/** One process of `serve`. */
export interface ServingStore {
  readonly url: string;
  readonly pid: number;
  /** Asks it to end, as an operator does; resolves when it has. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
}

/** A PostgreSQL with durable settings in a throw-away folder, and a store process in front of it. */
export interface BenchDesk {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly folder: string;
  /** An account that sees the whole desk. */
  addSupervisor(deskId: string, personId: string): Promise<BenchAccount>;
  serve(): Promise<string>;
  stopServing(): Promise<void>;
  /** One more process, at this port (0: at any), with these options besides. */
  serveAt(port: number, more?: readonly string[]): Promise<ServingStore>;
  /** Of its postmaster. */
  readonly postgresPid: number;
  close(): Promise<void>;
}

export async function openBenchDesk(): Promise<BenchDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-bench-'));
  // A run that is given up leaves no cache of millions of rows behind.
  const tidy = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', tidy);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), durable: true });
  const admin = new pg.Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query('create database bench');
  await admin.end();
  const databaseUrl = postgres.url('bench');
  const db = openDatabase({ url: databaseUrl, maxConnections: 4, onIdleError: () => undefined });
  await migrateDatabase(db);
  const stores = new Set<ServingStore>();
  async function serveAt(port: number, more: readonly string[] = []): Promise<ServingStore> {
    const options = ['--json', '--log-level', 'error', '--port', String(port), '--database-url', databaseUrl, ...more];
    const child = spawn(process.execPath, ['--import', dieWithParent, storeMain, 'serve', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CHASQUI_PARENT: String(process.pid) },
    });
    const { url } = readySchema.parse(await firstJsonLine(child)).store;
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      stores.delete(store);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    };
    const store: ServingStore = {
      url,
      pid: child.pid ?? 0,
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
    stores.add(store);
    return store;
  }
  async function stopServing(): Promise<void> {
    await Promise.all([...stores].map((store) => store.stop()));
  }
  return {
    db,
    databaseUrl,
    folder,
    async addSupervisor(deskId, personId) {
      const account = { user: `bench-${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('hex') };
      const deps = { db, passwords: createPasswords() };
      const rest = { mustChangePassword: false, everything: true, now: Date.now() };
      const made = await createAccount(deps, {
        deskId,
        id: randomUUID(),
        personId,
        role: 'supervisor',
        ...account,
        ...rest,
      });
      if (!made.ok) throw new Error(made.error);
      return account;
    },
    serve: async () => (await serveAt(0)).url,
    serveAt,
    postgresPid: postgres.pid,
    stopServing,
    async close() {
      await stopServing();
      await db.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
      process.off('exit', tidy);
    },
  };
}
