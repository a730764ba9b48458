import { createServer } from 'node:net';
import { pino } from 'pino';
import type { Database } from '../../src/store/db/pool.ts';
import { type RunningStore, startStore } from '../../src/store/start-store.ts';
import { createTestDatabase, databaseName, databaseUrl, dropDatabase, replaceDatabase } from './postgres.ts';

export interface RestorableStore {
  /** Where consoles find it, running or not: the port stays. */
  readonly url: string;
  readonly databaseUrl: string;
  /** For looking in; connections that a copy throws out are made anew. */
  readonly db: Database;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The files of the database as they are now. The store must be stopped. */
  keepFiles(): Promise<void>;
  /** Puts the kept files back, as an operator who knows of nothing but disks. The store must be stopped. */
  putFilesBack(): Promise<void>;
  close(): Promise<void>;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** A store as `serve` runs it, over HTTP, on a database that can be set back. */
export async function createRestorableStore(): Promise<RestorableStore> {
  const database = await createTestDatabase();
  const name = databaseName(database.url);
  const kept = `${name}_kept`;
  const port = await freePort();
  let running: RunningStore | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: database.url,
    db: database.db,
    async start() {
      const logger = pino({ level: process.env['DRILL_LOG'] ?? 'silent' }, pino.destination(2));
      running = await startStore({ databaseUrl: database.url, host: '127.0.0.1', port, logger });
    },
    async stop() {
      await running?.stop();
      running = null;
    },
    keepFiles: () => replaceDatabase(database.url, kept),
    putFilesBack: () => replaceDatabase(databaseUrl(kept), name),
    async close() {
      await running?.stop();
      await dropDatabase(kept);
      await database.drop();
    },
  };
}
