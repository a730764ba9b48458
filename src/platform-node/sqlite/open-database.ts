import Database from 'better-sqlite3';
import { storageFailureOf } from './storage-failure.ts';

export interface OpenOptions {
  /** FULL: durable when a write returns. NORMAL: a power cut may take the last transactions, never half of one. */
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly cacheKiB: number;
  /** Where what outgrows the page cache is sorted and kept for a moment. FILE: the indexes of a million rows take no memory of their size. */
  readonly temporary: 'MEMORY' | 'FILE';
  /** Size of a page of a new file, bytes. Larger ones pay where most rows are documents. */
  readonly pageSize: number;
}

/** Opens for writing, in WAL. Throws the SQLite error when that cannot be done. */
export function openDatabase(path: string, options: OpenOptions): Database.Database {
  const db = new Database(path, { timeout: 5_000 });
  try {
    db.pragma(`page_size = ${options.pageSize}`);
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.synchronous}`);
    db.pragma(`cache_size = -${options.cacheKiB}`);
    // A first fill makes a long log; it is cut back once it has gone into the file.
    db.pragma('journal_size_limit = 16777216');
    db.pragma(`temp_store = ${options.temporary}`);
    db.pragma('trusted_schema = OFF');
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/**
 * Whether the structure of the file is whole. `indexes`: also whether they hold what their tables hold, which costs a walk over all of it; a
 * damaged one is found else only by whoever uses it. Content is not checked: rows of the outbox carry their own hash.
 */
export const isSound = (db: Database.Database, { indexes }: { readonly indexes: boolean }): boolean =>
  db.pragma(indexes ? 'integrity_check(1)' : 'quick_check(1)', { simple: true }) === 'ok';

/** `isSound` of a file that somebody else has open; one that cannot be opened for another reason is not called damaged. */
export function isSoundFile(path: string): boolean {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    return isSound(db, { indexes: false });
  } catch (error) {
    return storageFailureOf(error)?.code !== 'corrupt';
  } finally {
    db?.close();
  }
}
