import type { FastifyBaseLogger } from 'fastify';
import type { TrialAccount } from '../protocol/sync/auth.ts';
import { createPasswords } from './auth/passwords.ts';
import { createNewsHub } from './changes/news-hub.ts';
import { createStoreApp } from './create-store-app.ts';
import { migrateDatabase } from './db/migrate.ts';
import { openDatabase } from './db/pool.ts';
import { keepServing, type Serving } from './epoch/keep-serving.ts';
import { newId } from './new-id.ts';

export interface StoreOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logger: FastifyBaseLogger;
  readonly trialAccounts?: readonly TrialAccount[];
  readonly maxConnections?: number;
}
export interface RunningStore {
  readonly url: string;
  /** Ends requests, streams and connections. Idempotent. */
  stop(): Promise<void>;
}
const LOOK_EVERY_MS = 5_000;

/** One store process: migrates, listens, answers. Rejects when the database or the port cannot be had. */
export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const { logger, databaseUrl: url } = options;
  const onTrouble = (error: Error) => logger.warn({ err: error }, 'a connection to the database broke');
  const db = openDatabase({ url, maxConnections: options.maxConnections ?? 20, onIdleError: onTrouble });
  let serving: Serving | null = null;
  try {
    serving = await keepServing({
      db,
      url,
      now: Date.now,
      newId,
      onTrouble,
      onRestoreFound: (desks) =>
        logger.warn({ desks }, 'the database comes from another cluster or timeline: a new epoch begins'),
    });
    await migrateDatabase(db);
    await serving.look();
    const { stop: stopServing } = serving;
    const news = createNewsHub({ db, url, lookEveryMs: LOOK_EVERY_MS, onTrouble });
    const deps = { db, passwords: createPasswords(), news, now: Date.now, newId };
    const app = await createStoreApp({ ...deps, trialAccounts: options.trialAccounts ?? [] }, logger);
    const address = await app.listen({ host: options.host, port: options.port });
    news.start();
    let stopping: Promise<void> | null = null;
    return {
      url: address,
      stop: () => {
        stopping ??= (async () => {
          await app.close();
          await news.stop();
          await stopServing();
          await db.close();
        })();
        return stopping;
      },
    };
  } catch (error) {
    await serving?.stop();
    await db.close();
    throw error;
  }
}
