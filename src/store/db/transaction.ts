import type { PoolClient } from 'pg';
import type { Database } from './pool.ts';

/** Runs `work` in one READ COMMITTED transaction; any rejection rolls back and is passed on. */
export async function inTransaction<T>(
  db: Pick<Database, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transact(db, 'begin isolation level read committed', work);
}

/** One fixed state of the database for everything that `work` reads. */
export async function inSnapshot<T>(db: Pick<Database, 'pool'>, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transact(db, 'begin isolation level repeatable read read only', work);
}

async function transact<T>(
  db: Pick<Database, 'pool'>,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const value = await work(client);
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
