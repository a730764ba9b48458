import type { PoolClient } from 'pg';
import type { Database } from './pool.ts';

/**
 * What runs inside. `begun` is for those who send their first statements behind the BEGIN without waiting for it: they wait
 * for it together with these, before anything is written or answered.
 */
export type TransactionWork<T> = (client: PoolClient, begun: Promise<unknown>) => Promise<T>;

/**
 * The same of a transaction that ends itself: `commit` sends the commit right behind what was sent so far, in the same round trip, and
 * is the last that the transaction is asked. A statement that fails takes the commit behind it along.
 */
export type EndingWork<T> = (client: PoolClient, begun: Promise<unknown>, commit: () => void) => Promise<T>;

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
async function inEagerTransaction<T>(db: Pick<Database, 'pool'>, work: TransactionWork<T>): Promise<T> {
  const { value } = await inEndingTransaction(db, work, async () => null);
  return value;
}

/** The same, with the commit right behind the last writes, and right behind the commit what `behind` asks of what stands then. */
export async function inEndingTransaction<T, B>(
  db: Pick<Database, 'pool'>,
  work: EndingWork<T>,
  behind: (client: PoolClient) => Promise<B>,
): Promise<{ readonly value: T; readonly behind: B }> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  let end: Promise<B> | null = null;
  const commit = (): Promise<B> => {
    end ??= commitAnd(client, behind);
    // Its failure is told below, unless that of a statement before it is.
    end.catch(() => undefined);
    return end;
  };
  try {
    const begun = client.query('begin isolation level read committed');
    // Its failure is told below, once nothing of the work is under way any more.
    begun.catch(() => undefined);
    const value = await work(client, begun, () => void commit());
    await begun;
    return { value, behind: await commit() };
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function commitAnd<B>(client: PoolClient, behind: (client: PoolClient) => Promise<B>): Promise<B> {
  const committed = client.query('commit');
  const read = behind(client);
  read.catch(() => undefined);
  const { command } = await committed;
  // So the server answers a commit in a transaction of which a statement failed: that one tells why.
  if (command !== 'COMMIT') throw new Error('a transaction that had failed was rolled back');
  return read;
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
