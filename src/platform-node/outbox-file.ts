import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { outboxMigrations } from './outbox-migrations/index.ts';
import { type Salvaged, salvage } from './outbox-salvage.ts';
import { settleFile } from './outbox-writer.ts';
import { type MigrateFailure, migrate } from './sqlite/migrate.ts';
import { isSound, openDatabase } from './sqlite/open-database.ts';
import { attempt, storageFailureOf } from './sqlite/storage-failure.ts';

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
  let opened = tryOpen(path);
  if (!opened.ok && opened.error.code === 'corrupt') {
    const setAsideAs = `${path}.damaged-${now}`;
    const moved = attempt(() => {
      for (const suffix of ['-wal', '-shm', '']) {
        if (existsSync(path + suffix)) renameSync(path + suffix, setAsideAs + suffix);
      }
    });
    if (!moved.ok) return moved;
    opened = tryOpen(path);
  }
  if (!opened.ok) return opened;
  const db = opened.value;
  const salvaged = attempt(() => salvageLeft(path, db));
  if (salvaged.ok) return ok({ db, salvaged: salvaged.value });
  db.close();
  return salvaged;
}

/**
 * Carries over every file that was set aside and not yet marked as done: a process that ended in the middle of it, or between
 * the renaming and it, leaves the rest to the next start.
 */
function salvageLeft(path: string, into: Database.Database): OpenedOutbox['salvaged'] {
  const start = `${basename(path)}.damaged-`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(start));
  const asides = new Set(names.map((name) => name.replace(/-(?:wal|shm)$|\.salvaged$/u, '')));
  const all = { commands: 0, drafts: 0, lost: 0, setAsideAs: '' };
  for (const name of [...asides].sort()) {
    if (names.includes(`${name}.salvaged`)) continue;
    all.setAsideAs = join(dirname(path), name);
    const found = into.transaction(() => salvage(all.setAsideAs, into)).immediate();
    writeFileSync(`${all.setAsideAs}.salvaged`, '', { mode: 0o600 });
    all.commands += found.commands;
    all.drafts += found.drafts;
    all.lost += found.lost;
  }
  return all.setAsideAs === '' ? null : all;
}

function tryOpen(path: string): Result<Database.Database, StorageFailure | MigrateFailure> {
  let db: Database.Database | null = null;
  try {
    db = openDatabase(path, { synchronous: 'FULL', cacheKiB: 8_192, temporary: 'MEMORY', pageSize: 4096 });
    if (!isSound(db, { indexes: true })) {
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
