import type { Database } from '../db/pool.ts';
import { ConfigError } from '../runtime-config.ts';
import { checkCluster } from './check-cluster.ts';
import { type ServeLock, takeServeLock } from './serve-lock.ts';

export interface ServingOptions {
  readonly db: Pick<Database, 'pool'>;
  readonly url: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Desks whose database came from another cluster or timeline: each is in a new epoch now. */
  onRestoreFound(deskIds: readonly string[]): void;
  onTrouble(error: Error): void;
}
export interface Serving {
  /** Looks at the cluster now; wanted once the schema is up to date. */
  look(): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const AGAIN_MS = 1_000;

/**
 * Holds the database as served while this process lives, and looks at where it comes from whenever the connection was lost, for a
 * server that comes back may have been restored meanwhile (SY14). Rejects with a ConfigError while a
 * restore runs.
 */
export async function keepServing(options: ServingOptions): Promise<Serving> {
  let lock: ServeLock | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const take = async (): Promise<boolean> => {
    lock = await takeServeLock({ url: options.url, mode: 'serve', onLost: lost });
    return lock !== null;
  };
  const look = async () => {
    const opened = await checkCluster(options.db, options);
    if (opened.length > 0) options.onRestoreFound(opened);
  };
  function lost(error: Error | null): void {
    lock = null;
    if (stopped) return;
    if (error !== null) options.onTrouble(error);
    timer = setTimeout(again, AGAIN_MS);
  }
  async function again(): Promise<void> {
    try {
      if (await take()) await look();
      else if (!stopped) timer = setTimeout(again, AGAIN_MS);
    } catch (error) {
      // The look may have failed after the lock was had: both are tried again together.
      await lock?.release();
      lost(error instanceof Error ? error : new Error(String(error)));
    }
    if (stopped) await lock?.release();
  }

  if (!(await take())) {
    throw new ConfigError('A restore of this database is under way: start the store when it has ended.');
  }
  const stop = async () => {
    stopped = true;
    clearTimeout(timer);
    await lock?.release();
    lock = null;
  };
  return { look, stop };
}
