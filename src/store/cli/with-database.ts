import type { Database } from '../db/pool.ts';
import { readDatabaseUrl } from '../runtime-config.ts';

/** Opens the database of `--database-url`, brings its schema up to date, and closes it after the work. */
export async function withDatabase<T>(given: string | undefined, work: (db: Database) => Promise<T>): Promise<T> {
  const url = readDatabaseUrl(given);
  // Here and not above: a command that only explains itself, or is told wrong, starts without the database's code.
  const [{ openDatabase }, { migrateDatabase }] = await Promise.all([
    import('../db/pool.ts'),
    import('../db/migrate.ts'),
  ]);
  const db = openDatabase({ url, maxConnections: 8, onIdleError: () => undefined });
  try {
    await migrateDatabase(db);
    return await work(db);
  } finally {
    await db.close();
  }
}
