import type { FastifyBaseLogger } from 'fastify';
import { blobLimits } from './blob-limits.ts';
import { type CollectDeps, type Collected, collectWhenDue } from './collect.ts';

export interface CollectDailyDeps extends Omit<CollectDeps, 'onTrouble'> {
  readonly logger: Pick<FastifyBaseLogger, 'info'>;
  readonly onTrouble: (error: unknown, about?: string) => void;
  readonly onCollected?: ((collected: Collected) => void) | undefined;
  /** Between two looks whether it is due; the first comes somewhere within it, so that processes started together do not ask together. */
  readonly lookMs?: number;
}

/** Collects once a day in one process of all, however short each of them lives: the time of the last collection is in the database. */
export function collectDaily(deps: CollectDailyDeps): { stop(): Promise<void> } {
  const { logger, onCollected, lookMs = blobLimits.collectLookMs } = deps;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      const collected = await collectWhenDue({ ...deps, onTrouble: (about, error) => deps.onTrouble(error, about) });
      if (collected === null) return;
      onCollected?.(collected);
      logger.info({ ...collected }, 'files that nobody needs were taken away');
    } catch (error) {
      deps.onTrouble(error);
    }
  };
  let timer: NodeJS.Timeout;
  const next = (ms: number): void => {
    timer = setTimeout(() => {
      running = run().then(() => {
        if (!stopped) next(lookMs);
      });
    }, ms);
    timer.unref();
  };
  next(Math.random() * lookMs);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
