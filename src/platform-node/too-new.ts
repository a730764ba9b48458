import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../protocol/versions.ts';
import { cacheMigrations } from './cache-migrations/index.ts';
import { outboxMigrations } from './outbox-migrations/index.ts';
import { parseJson } from './outbox-row.ts';
import { fileVersion } from './sqlite/file-version.ts';
import type { Migration } from './sqlite/migrate.ts';

const metaSchema = z.object({ schema: z.int() });

/**
 * Whether a newer app wrote one of these files: in tables that this one does not know, or rows of a later schema. Asked before
 * either file is opened for writing, so that an app that was put back by mistake leaves both as they are, to the byte
 * (threat 25). A file that cannot be read is not judged here, nor is one whose header was damaged.
 */
export function isTooNew(paths: { readonly outbox: string; readonly cache: string }): boolean {
  return (
    readOf(paths.outbox, (db) => isNewer(db, outboxMigrations)) ||
    readOf(paths.cache, (db) => isNewer(db, cacheMigrations) || rowsOf(db) > SCHEMA_VERSION)
  );
}

const isNewer = (db: Database.Database, migrations: readonly Migration[]): boolean =>
  fileVersion(db, migrations).kind === 'newer';

/** Schema of the rows in a cache; 0 when it has none. */
function rowsOf(db: Database.Database): number {
  const row = db.prepare<[], { value: string | null }>('select value from meta').get();
  const meta = metaSchema.safeParse(parseJson(row?.value ?? ''));
  return meta.success ? meta.data.schema : 0;
}

function readOf(path: string, judge: (db: Database.Database) => boolean): boolean {
  if (!existsSync(path)) return false;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    return judge(db);
  } catch (error) {
    // Damaged, empty or of no permission: whoever opens it for writing finds out and says so.
    if (error instanceof Database.SqliteError) return false;
    throw error;
  } finally {
    db?.close();
  }
}
