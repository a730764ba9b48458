import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../db/pool.ts';
import type { StoreMetrics } from '../metrics/create-metrics.ts';
import { blobLimits } from './blob-limits.ts';
import { type BlobService, createBlobService } from './blob-service.ts';
import { collect } from './collect.ts';
import { type BlobPlace, openBlobStore } from './open-blobs.ts';
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
  const store = await openBlobStore(options.place);
  let url = options.publicUrl ?? '';
  const onTrouble = (error: unknown) => logger.warn({ err: error }, 'work on files was put off');
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
  const daily = setInterval(() => {
    sweeping = sweeping.then(async () => {
      const collected = await collect({ ...deps, store }).catch(onTrouble);
      if (collected) deps.metrics?.files.collected(collected);
      if (collected) logger.info({ ...collected }, 'files that nobody needs were taken away');
    });
  }, blobLimits.collectMs);
  for (const one of [timer, daily]) one.unref();
  return {
    service,
    url,
    stop: async () => {
      clearInterval(timer);
      clearInterval(daily);
      await origin.close();
      await sweeping;
    },
  };
}
