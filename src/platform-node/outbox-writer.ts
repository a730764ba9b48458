import type { Database } from 'better-sqlite3';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import type { Result } from '../shared/result.ts';
import { attempt } from './sqlite/storage-failure.ts';

export type OutboxWriter = (
  work: () => void,
  options?: { readonly settleFile: boolean },
) => Result<null, StorageFailure>;

/**
 * One transaction a write, durable when it returns. `settleFile` then moves the log into the main file, so that what
 * was acknowledged lies once in pages that an integrity check reads, and never only in a log whose damaged frames
 * SQLite would pass over in silence. A reader in the way makes that step wait for the next write, never the write fail.
 */
export function createOutboxWriter(db: Database): OutboxWriter {
  const bump = db.prepare('update state set revision = revision + 1');
  const inTransaction = db.transaction((work: () => void) => {
    work();
    bump.run();
  });
  return (work, options) => {
    const result = attempt(() => {
      inTransaction.immediate(work);
      return null;
    });
    if (result.ok && options?.settleFile === true) settleFile(db);
    return result;
  };
}

/** Empties the log into the main file, without waiting for readers. A failure is left to the next write to report. */
export function settleFile(db: Database): void {
  attempt(() => {
    db.pragma('busy_timeout = 0');
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.pragma('busy_timeout = 5000');
    }
  });
}
