import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../protocol/versions.ts';
import { cacheMigrations } from './cache-migrations/index.ts';
import { outboxMigrations } from './outbox-migrations/index.ts';
import { parseJson } from './outbox-row.ts';
import type { Migration } from './sqlite/migrate.ts';

const metaSchema = z.object({ schema: z.int() });

/**
 * Whether a newer app wrote one of these files: in tables that this one does not know, or rows of a later schema. Asked before
 * either file is opened for writing, so that an app that was put back by mistake leaves both as they are, to the byte
 * (threat 25). A file that cannot be read is not judged here.
 */
export function isTooNew(paths: { readonly outbox: string; readonly cache: string }): boolean {
  return (
    readOf(paths.outbox, (db) => versionOf(db) > newest(outboxMigrations)) ||
    readOf(paths.cache, (db) => versionOf(db) > newest(cacheMigrations) || rowsOf(db) > SCHEMA_VERSION)
  );
}

const newest = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0;
const versionOf = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));

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
