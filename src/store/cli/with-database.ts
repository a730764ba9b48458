import { migrateDatabase } from '../db/migrate.ts';
import { type Database, openDatabase } from '../db/pool.ts';
import { readDatabaseUrl } from '../runtime-config.ts';

/** Opens the database of `--database-url`, brings its schema up to date, and closes it after the work. */
export async function withDatabase<T>(given: string | undefined, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url: readDatabaseUrl(given), maxConnections: 8, onIdleError: () => undefined });
  try {
    await migrateDatabase(db);
    return await work(db);
  } finally {
    await db.close();
  }
}
