import type { Database } from 'better-sqlite3';

/** Rows of one statement: a call into SQLite costs more than the row itself. */
const ROWS = 32;

export type BulkValue = number | string | Uint8Array | null;
export interface BulkInsert {
  add(row: readonly BulkValue[]): void;
  /** Writes what is held back; after it all rows added are in the table. */
  flush(): void;
  /** Forgets what is held back: the transaction was rolled back. */
  forget(): void;
}

/**
 * Inserts many rows by few statements, inside a transaction of the caller's.
 *
 * @param into the table and its columns, as they stand between `insert into` and `values`.
 * @param row one row of placeholders with its brackets.
 * @param onConflict what stands after the values.
 */
export function createBulkInsert(db: Database, into: string, row: string, onConflict = ''): BulkInsert {
  const insert = (count: number) =>
    db.prepare<BulkValue[]>(
      `insert into ${into} values ${Array.from({ length: count }, () => row).join(', ')} ${onConflict}`,
    );
  const [one, many] = [insert(1), insert(ROWS)];
  let held: BulkValue[] = [];
  let rows = 0;
  return {
    add(values) {
      for (const value of values) held.push(value);
      rows += 1;
      if (rows < ROWS) return;
      many.run(...held);
      held = [];
      rows = 0;
    },
    flush() {
      const width = held.length / rows;
      for (let at = 0; at < held.length; at += width) one.run(...held.slice(at, at + width));
      held = [];
      rows = 0;
    },
    forget() {
      held = [];
      rows = 0;
    },
  };
}
