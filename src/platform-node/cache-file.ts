import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { CachePort } from '../core/ports/cache.ts';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { createCache } from './cache.ts';
import { cacheMigrations } from './cache-migrations/index.ts';
import { createDamageWatch } from './damage-watch.ts';
import { type MigrateFailure, migrate } from './sqlite/migrate.ts';
import { isSound, type OpenOptions, openDatabase } from './sqlite/open-database.ts';
import { attempt, storageFailureOf } from './sqlite/storage-failure.ts';

/** Pages that hold a good dozen documents: a fill writes them, and the log of them, in fewer and larger pieces. */
export const CACHE_OPTIONS: OpenOptions = {
  synchronous: 'NORMAL',
  cacheKiB: 16_384,
  temporary: 'FILE',
  pageSize: 16_384,
};

export interface OpenedCache {
  readonly port: CachePort;
  /** A damaged file was thrown away: an empty one stands in its place. */
  readonly replaced: boolean;
  close(): void;
}

/**
 * Opens `cache.db`, whose rows the store can always send again: damaged, it is thrown away. Written by a newer app, it is
 * refused and left. The whole file is checked only after an end that was not clean, or a start would cost a second.
 */
export function openCacheFile(path: string): Result<OpenedCache, StorageFailure | MigrateFailure> {
  const openMark = `${path}-open`;
  const endedBadly = existsSync(openMark);
  let opened = tryOpen(path, endedBadly);
  let replaced = false;
  if (!opened.ok && opened.error.code === 'corrupt') {
    const removed = attempt(() => removeFiles(path));
    if (!removed.ok) return removed;
    replaced = true;
    opened = tryOpen(path, false);
  }
  if (!opened.ok) return opened;
  const marked = attempt(() => closeSync(openSync(openMark, 'w', 0o600)));
  if (!marked.ok) {
    opened.value.close();
    return marked;
  }
  let db = opened.value;
  const damage = createDamageWatch();
  let inner = createCache(db);
  const port: CachePort = damage.over({
    revision: () => inner.revision(),
    meta: () => inner.meta(),
    transaction: (work) => inner.transaction(work),
    shown: (ticketId) => inner.shown(ticketId),
    base: (ticketId) => inner.base(ticketId),
    attachments: (ticketId) => inner.attachments(ticketId),
    digests: (after, limit) => inner.digests(after, limit),
    overlaid: () => inner.overlaid(),
    directory: () => damage.over(inner.directory()),
    damaged: damage.found,
    firstSeqSince: (ticketId, recordedAt) => inner.firstSeqSince(ticketId, recordedAt),
    latestRecordedAt: () => inner.latestRecordedAt(),
    wipe() {
      const emptied = attempt(() => empty(db));
      if (emptied.ok) {
        damage.mended();
        inner = createCache(db);
        return ok(null);
      }
      if (emptied.error.code !== 'corrupt') return emptied;
      // Not even its tables can be dropped: the file itself goes. A reader notices by the file's identity.
      db.close();
      const removed = attempt(() => removeFiles(path));
      if (!removed.ok) return removed;
      const fresh = tryOpen(path, false);
      if (!fresh.ok) return err(fresh.error.code === 'cacheTooNew' ? { code: 'ioError' } : fresh.error);
      db = fresh.value;
      damage.mended();
      inner = createCache(db);
      return ok(null);
    },
  });
  return ok({
    port,
    replaced,
    close() {
      db.close();
      attempt(() => rmSync(openMark, { force: true }));
    },
  });
}

/** Drops all tables and makes them again in one transaction, so that an open reader goes on with an empty cache. */
function empty(db: Database.Database): void {
  const revision = db.prepare<[], { revision: number }>('select revision from meta').get()?.revision ?? 0;
  db.transaction(() => {
    const names = db
      .prepare<[], { name: string }>(
        // Shadow tables of full text go with their virtual table.
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
          and name not like '%\\_search\\_%' escape '\\'`,
      )
      .all();
    for (const { name } of names) db.exec(`drop table "${name}"`);
    for (const { sql } of cacheMigrations) db.exec(sql);
    db.prepare('update meta set revision = ?').run(revision + 1);
  }).immediate();
}

function tryOpen(path: string, check: boolean): Result<Database.Database, StorageFailure | MigrateFailure> {
  let db: Database.Database | null = null;
  try {
    db = openDatabase(path, CACHE_OPTIONS);
    if (check && !isSound(db, { indexes: false })) {
      db.close();
      return err({ code: 'corrupt' });
    }
    const migrated = bringUpToDate(db);
    if (!migrated.ok) {
      db.close();
      return migrated;
    }
    // Looks again at tables that have grown much since the planner last counted them.
    db.pragma('analysis_limit = 1000');
    db.pragma('optimize');
    return ok(db);
  } catch (error) {
    db?.close();
    const failure = storageFailureOf(error);
    if (failure === null) throw error;
    return err(failure);
  }
}

/** Tables that are not those of the version that the file names are as good as broken: the store sends their rows again. */
function bringUpToDate(db: Database.Database): Result<unknown, StorageFailure | MigrateFailure> {
  try {
    return migrate(db, cacheMigrations);
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') return err({ code: 'corrupt' });
    throw error;
  }
}

function removeFiles(path: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(path + suffix, { force: true });
}
