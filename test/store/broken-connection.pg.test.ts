import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/store/db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('SY10 a connection that breaks between two statements of a transaction fails that transaction, and never the process', async () => {
  const { db } = database;
  const running = inTransaction(db, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = once(client, 'end');
    // The server goes away while the connection is taken and nothing is asked: its error is heard by nobody but a listener.
    expect(client.listenerCount('error')).toBeGreaterThan(0);
    await db.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await client.query('select 1');
  });
  await expect(running).rejects.toThrow();
  expect((await db.pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
