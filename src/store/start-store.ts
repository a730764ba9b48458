import type { FastifyBaseLogger } from 'fastify';
import type { TrialAccount } from '../protocol/sync/auth.ts';
import { createPasswords } from './auth/passwords.ts';
import { type BlobOptions, type RunningBlobs, startBlobs } from './blobs/start-blobs.ts';
import { createNewsHub } from './changes/news-hub.ts';
import { createStoreApp } from './create-store-app.ts';
import { migrateDatabase } from './db/migrate.ts';
import { openDatabase } from './db/pool.ts';
import { keepServing, type Serving } from './epoch/keep-serving.ts';
import { createStoreMetrics } from './metrics/create-metrics.ts';
import type { LiveConsoles } from './metrics/live-consoles.ts';
import { type MetricsServer, serveMetrics } from './metrics/serve-metrics.ts';
import { watchState } from './metrics/watch-state.ts';
import { newId } from './new-id.ts';

export interface StoreOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logger: FastifyBaseLogger;
  readonly trialAccounts?: readonly TrialAccount[];
  readonly maxConnections?: number;
  /** Where the metrics are served; absent: nowhere. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Files of attachments; absent: none are taken, and they wait with their authors. */
  readonly blobs?: BlobOptions;
}
export interface RunningStore {
  readonly url: string;
  readonly metricsUrl: string | null;
  /** Origin that contents of files come from. */
  readonly blobsUrl: string | null;
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
  let metricsServer: MetricsServer | null = null;
  let blobs: RunningBlobs | null = null;
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
    const passwords = createPasswords();
    const metrics = createStoreMetrics();
    let live = (): LiveConsoles => ({ streams: [], longPolls: 0 });
    const onUnread = (error: unknown) => logger.warn({ err: error }, 'the metrics of the database could not be read');
    watchState(metrics.registry, { db, passwords, live: () => live(), onTrouble: onUnread });
    const watchLive = (read: () => LiveConsoles) => {
      live = read;
    };
    if (options.blobs !== undefined)
      blobs = await startBlobs({ db, now: Date.now, newId, logger, metrics }, options.blobs);
    const { service, url: blobsUrl = null, stop: stopBlobs } = blobs ?? {};
    const files = service === undefined ? {} : { blobs: service };
    const deps = { db, passwords, news, now: Date.now, newId, metrics, watchLive, ...files };
    const app = await createStoreApp({ ...deps, trialAccounts: options.trialAccounts ?? [] }, logger);
    if (options.metrics !== undefined)
      metricsServer = await serveMetrics({ ...options.metrics, registry: metrics.registry, onTrouble: onUnread });
    const { url: metricsUrl = null, close: closeMetrics } = metricsServer ?? {};
    const address = await app.listen({ host: options.host, port: options.port });
    news.start();
    let stopping: Promise<void> | null = null;
    return {
      url: address,
      metricsUrl,
      blobsUrl,
      stop: () => {
        stopping ??= (async () => {
          await closeMetrics?.();
          await app.close();
          await stopBlobs?.();
          await news.stop();
          await stopServing();
          await db.close();
        })();
        return stopping;
      },
    };
  } catch (error) {
    await metricsServer?.close();
    await blobs?.stop();
    await serving?.stop();
    await db.close();
    throw error;
  }
}
