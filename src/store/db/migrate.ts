import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { ClientBase } from 'pg';
import type { Database } from './pool.ts';

const MIGRATION_LOCK = 781_243_001;
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Holds off whoever else would change the schema; gives the way to let them. Ends with the connection at the latest. */
export async function lockMigrations(client: Pick<ClientBase, 'query'>): Promise<() => Promise<void>> {
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  return async () => {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  };
}

/** Brings the schema up to date. Several processes may call it at once: they queue on an advisory lock. */
export async function migrateDatabase(db: Database): Promise<void> {
  const client = await db.pool.connect();
  try {
    const unlock = await lockMigrations(client);
    try {
      await migrate(drizzle(client), { migrationsFolder });
    } finally {
      await unlock();
    }
  } finally {
    client.release();
  }
}
