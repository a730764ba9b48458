import type { Database } from 'better-sqlite3';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import type { Result } from '../shared/result.ts';
import { attempt } from './sqlite/storage-failure.ts';

export interface WriteOptions {
  readonly settleFile?: boolean;
  /**
   * What the store says again when it is asked again, such as the answers to a push: after a power cut it may be missing, never after a kill, and
   * never what was written before it.
   */
  readonly saidAgain?: boolean;
}
export type OutboxWriter = (work: () => void, options?: WriteOptions) => Result<null, StorageFailure>;

/** Two flushes of the disk, which nobody waits for: by then an act is on its way to the store. */
const SETTLE_AFTER_MS = 50;
/** While one write follows the other the log is settled so often. */
const SETTLE_AT_LEAST_MS = 500;

/**
 * One transaction a write, durable when it returns: its log is on the disk. `settleFile` has the log moved into the main file a
 * moment later, once for all writes of that moment, so that what was acknowledged lies in pages that an integrity check reads, and
 * not for long in a log alone whose damaged frames SQLite would pass over in silence. A process that ends before leaves it
 * to the next start. A reader in the way makes that step wait for the next write, never the write fail.
 */
export function createOutboxWriter(db: Database): OutboxWriter {
  let timer: NodeJS.Timeout | null = null;
  let latest = 0;
  const settle = () => {
    timer = null;
    if (db.open) settleFile(db);
  };
  const settleSoon = () => {
    const now = performance.now();
    if (timer === null) latest = now + SETTLE_AT_LEAST_MS;
    else clearTimeout(timer);
    timer = setTimeout(settle, Math.max(0, Math.min(SETTLE_AFTER_MS, latest - now))).unref();
  };
  const bump = db.prepare('update state set revision = revision + 1');
  const inTransaction = db.transaction((work: () => void) => {
    work();
    bump.run();
  });
  return (work, options) => {
    const result = attempt(() => {
      if (options?.saidAgain !== true) inTransaction.immediate(work);
      else {
        db.pragma('synchronous = NORMAL');
        try {
          inTransaction.immediate(work);
        } finally {
          db.pragma('synchronous = FULL');
        }
      }
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
