import type { PoolClient } from 'pg';
import type { Database } from './pool.ts';

/**
 * What runs inside. `begun` is for those who send their first statements behind the BEGIN without waiting for it: they wait
 * for it together with these, before anything is written or answered.
 */
export type TransactionWork<T> = (client: PoolClient, begun: Promise<unknown>) => Promise<T>;

/** Runs `work` in one READ COMMITTED transaction; any rejection rolls back and is passed on. */
export async function inTransaction<T>(
  db: Pick<Database, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return inEagerTransaction(db, async (client, begun) => {
    await begun;
    return work(client);
  });
}

/** The same, with the first statements right behind the BEGIN. */
export async function inEagerTransaction<T>(db: Pick<Database, 'pool'>, work: TransactionWork<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    const begun = client.query('begin isolation level read committed');
    // Its failure is told below, once nothing of the work is under way any more.
    begun.catch(() => undefined);
    const value = await work(client, begun);
    await begun;
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** One fixed state of the database for everything that `work` reads. */
export async function inSnapshot<T>(db: Pick<Database, 'pool'>, work: TransactionWork<T>): Promise<T> {
  const client = await db.pool.connect();
  try {
    const begun = client.query('begin isolation level repeatable read read only');
    // Its failure is told below, once nothing of the work is under way any more.
    begun.catch(() => undefined);
    const value = await work(client, begun);
    await begun;
    return value;
  } finally {
    // What was read is read, however this ends: nobody waits for it.
    client.query('rollback').then(
      () => client.release(),
      (failure: Error) => client.release(failure),
    );
  }
}
