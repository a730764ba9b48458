import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { openDatabase } from '../../src/store/db/pool.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** Database that every test database is copied from: migrated once, then left alone. */
const TEMPLATE = 'chasqui_template';

/** One throw-away cluster a run of vitest. Not durable: what is tested about durability starts a server of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-pg-'));
  const postgres = await startEmbeddedPostgres({ folder, durable: false });
  const admin = openDatabase({ url: postgres.url('postgres'), maxConnections: 1, onIdleError: () => undefined });
  await admin.pool.query(`create database ${TEMPLATE}`);
  await admin.close();
  const template = openDatabase({ url: postgres.url(TEMPLATE), maxConnections: 2, onIdleError: () => undefined });
  await migrateDatabase(template);
  await template.close();
  project.provide('postgresUrl', postgres.url('postgres'));
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
