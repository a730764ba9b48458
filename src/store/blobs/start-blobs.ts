import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../db/pool.ts';
import type { StoreMetrics } from '../metrics/create-metrics.ts';
import { blobLimits } from './blob-limits.ts';
import { type BlobService, createBlobService } from './blob-service.ts';
import { collectDaily } from './collect-daily.ts';
import { type BlobPlace, openBlobStore } from './open-blobs.ts';
import { createOwnPlace, NotOurPlace } from './own-place.ts';
import { createBlobOrigin } from './serve-blobs.ts';

export interface BlobOptions {
  readonly place: BlobPlace;
  readonly host: string;
  readonly port: number;
  /** Origin by which consoles reach host and port; null: they reach them as they are. */
  readonly publicUrl: string | null;
  /** Bytes that all files of one desk may come to; null or absent: no bound. */
  readonly deskBytes?: number | null;
}
export interface RunningBlobs {
  readonly service: BlobService;
  readonly url: string;
  /** Ends downloads and what runs in the background. */
  stop(): Promise<void>;
}

/** Files of one store process: the service behind its routes, the origin of contents, and what goes on without being asked. */
export async function startBlobs(
  deps: {
    readonly db: Database;
    readonly now: () => number;
    readonly newId: () => string;
    readonly logger: FastifyBaseLogger;
    readonly metrics?: StoreMetrics;
  },
  options: BlobOptions,
): Promise<RunningBlobs> {
  const { logger } = deps;
  const onStanding = (trouble: NotOurPlace | null) => {
    if (trouble === null) logger.info({ place: store.place }, 'the place of files is the one of this database');
    else
      logger.error(
        { err: trouble },
        `files are neither taken nor given: ${trouble.message}; \`doctor\` says what to do`,
      );
  };
  const store = createOwnPlace({ ...deps, onStanding }, openBlobStore(options.place));
  let url = options.publicUrl ?? '';
  const onTrouble = (error: unknown, about?: string) => {
    // Said already, once and louder.
    if (error instanceof NotOurPlace) return;
    logger.warn({ err: error, about }, about === undefined ? 'work on files was put off' : 'a file was left as it is');
  };
  // Texts go on without files: a place that is away, or silent, is no reason not to serve.
  const looking = store.look().catch(onTrouble);
  const service = createBlobService({
    ...deps,
    store,
    origin: () => url,
    onTrouble,
    deskBytes: options.deskBytes ?? null,
  });
  const origin = createBlobOrigin({ ...deps, blobs: service }, logger);
  const address = await origin.listen({ host: options.host, port: options.port });
  if (options.publicUrl === null) url = address;
  let sweeping = service.sweep();
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => service.sweep());
  }, blobLimits.sweepMs);
  const daily = collectDaily({ ...deps, store, onTrouble, onCollected: deps.metrics?.files.collected });
  timer.unref();
  return {
    service,
    url,
    stop: async () => {
      clearInterval(timer);
      await origin.close();
      await daily.stop();
      await sweeping;
      await looking;
    },
  };
}
