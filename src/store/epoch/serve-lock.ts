import pg from 'pg';

/** Shared by the processes that serve a database; a restore holds it alone. Ends with its connection, killed or not. */
export const SERVE_LOCK = 781_243_002;

export interface ServeLock {
  /** Gives the lock back. Idempotent. */
  release(): Promise<void>;
}
export interface ServeLockOptions {
  readonly url: string;
  readonly mode: 'serve' | 'restore';
  /** The connection broke, and the lock with it. */
  onLost(error: Error | null): void;
}

/** Null: the database is held in the other mode (a restore runs; a store serves). */
export async function takeServeLock({ url, mode, onLost }: ServeLockOptions): Promise<ServeLock | null> {
  const client = new pg.Client({ connectionString: url, application_name: `chasqui-${mode}`, keepAlive: true });
  let held = false;
  let failure: Error | null = null;
  client.on('error', (error) => {
    failure = error;
  });
  client.on('end', () => {
    if (held) onLost(failure);
    held = false;
  });
  await client.connect();
  const take = mode === 'serve' ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const { rows } = await client.query<{ taken: boolean }>(`select ${take}($1) as taken`, [SERVE_LOCK]);
  held = rows[0]?.taken === true;
  const release = async () => {
    held = false;
    await client.end().catch(() => undefined);
  };
  if (held) return { release };
  await release();
  return null;
}
