import { existsSync, renameSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { outboxMigrations } from './outbox-migrations/index.ts';
import { type Salvaged, salvage } from './outbox-salvage.ts';
import { settleFile } from './outbox-writer.ts';
import { type MigrateFailure, migrate } from './sqlite/migrate.ts';
import { isSound, openDatabase } from './sqlite/open-database.ts';
import { storageFailureOf } from './sqlite/storage-failure.ts';

export interface OpenedOutbox {
  readonly db: Database.Database;
  /** What was carried over from a damaged file that now lies beside this one; null when the file was sound. */
  readonly salvaged: (Salvaged & { readonly setAsideAs: string }) | null;
}

/**
 * Opens `outbox.db`. A damaged file is never written to nor deleted: it is set aside under a name of its own, and every
 * row that can still be read goes into a new file before anything else happens.
 *
 * @param now epoch ms, for the name of a file set aside.
 */
export function openOutboxFile(path: string, now: number): Result<OpenedOutbox, StorageFailure | MigrateFailure> {
  const opened = tryOpen(path);
  if (opened.ok) return ok({ db: opened.value, salvaged: null });
  if (opened.error.code !== 'corrupt') return err(opened.error);
  const setAsideAs = `${path}.damaged-${now}`;
  try {
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, setAsideAs + suffix);
    }
    const fresh = tryOpen(path);
    if (!fresh.ok) return fresh;
    return ok({ db: fresh.value, salvaged: { ...salvage(setAsideAs, fresh.value), setAsideAs } });
  } catch (error) {
    const failure = storageFailureOf(error);
    if (failure === null) throw error;
    return err(failure);
  }
}

function tryOpen(path: string): Result<Database.Database, StorageFailure | MigrateFailure> {
  let db: Database.Database | null = null;
  try {
    db = openDatabase(path, { synchronous: 'FULL', cacheKiB: 8_192, pageSize: 4096 });
    if (!isSound(db)) {
      db.close();
      return err({ code: 'corrupt' });
    }
    const migrated = migrate(db, outboxMigrations);
    if (!migrated.ok) {
      db.close();
      return migrated;
    }
    settleFile(db);
    return ok(db);
  } catch (error) {
    db?.close();
    const failure = storageFailureOf(error);
    if (failure === null) throw error;
    return err(failure);
  }
}
