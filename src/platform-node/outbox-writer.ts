import type { Database } from 'better-sqlite3';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import type { Result } from '../shared/result.ts';
import { attempt } from './sqlite/storage-failure.ts';

export type OutboxWriter = (
  work: () => void,
  options?: { readonly settleFile: boolean },
) => Result<null, StorageFailure>;

/** Two flushes of the disk, which nobody waits for: by then an act is on its way to the store. */
const SETTLE_AFTER_MS = 50;

/**
 * One transaction a write, durable when it returns: its log is on the disk. `settleFile` has the log moved into the main file a
 * moment later, once for all writes of that moment, so that what was acknowledged lies in pages that an integrity check reads, and
 * not for long in a log alone whose damaged frames SQLite would pass over in silence. A process that ends before leaves it
 * to the next start. A reader in the way makes that step wait for the next write, never the write fail.
 */
export function createOutboxWriter(db: Database): OutboxWriter {
  let settling = false;
  const settleSoon = () => {
    if (settling) return;
    settling = true;
    setTimeout(() => {
      settling = false;
      if (db.open) settleFile(db);
    }, SETTLE_AFTER_MS).unref();
  };
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
    if (result.ok && options?.settleFile === true) settleSoon();
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
