import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
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
const readySchema = z.object({ store: z.object({ url: z.string() }) });

/** A PostgreSQL with durable settings in a throw-away folder, and a store process in front of it. */
export interface BenchDesk {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly folder: string;
  /** An account that sees the whole desk. */
  addSupervisor(deskId: string, personId: string): Promise<{ user: string; password: string }>;
  serve(): Promise<string>;
  stopServing(): Promise<void>;
  close(): Promise<void>;
}

export async function openBenchDesk(): Promise<BenchDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-bench-'));
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), durable: true });
  const admin = new pg.Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query('create database bench');
  await admin.end();
  const databaseUrl = postgres.url('bench');
  const db = openDatabase({ url: databaseUrl, maxConnections: 4, onIdleError: () => undefined });
  await migrateDatabase(db);
  let store: ChildProcess | null = null;
  async function stopServing(): Promise<void> {
    if (store === null || store.exitCode !== null) return;
    const ended = once(store, 'exit');
    store.kill('SIGTERM');
    await ended;
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
    async serve() {
      const args = [storeMain, 'serve', '--json', '--log-level', 'error', '--port', '0', '--database-url', databaseUrl];
      store = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      return readySchema.parse(await firstJsonLine(store)).store.url;
    },
    stopServing,
    async close() {
      await stopServing();
      await db.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
