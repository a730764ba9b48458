import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection URL of the database `postgres` of the run's one cluster; each test file makes its own database in it. */
    postgresUrl: string;
  }
}

/** One embedded PostgreSQL for the whole run: real, on loopback, and not durable, for it is thrown away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-pg-'));
  const server = await startEmbeddedPostgres({ folder, durable: false });
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
