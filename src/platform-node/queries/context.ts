import type Database from 'better-sqlite3';
import type { z } from 'zod';
import type { EntryState } from '../../core/ports/outbox.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { OutboxItem, ShownEntry } from '../../protocol/console/rows.ts';
import { readStored } from '../stored-row.ts';

/** Rules of the core that answers follow. They come in from the composition: this layer decides nothing. */
export interface QueryRules {
  namesMentioned(ticket: Ticket, entries: readonly TimelineEntry[]): { readonly [kind: string]: ReadonlySet<string> };
  itemState(state: EntryState, doubted: boolean): OutboxItem['state'];
  pendingMark(state: EntryState | null, doubted: boolean): ShownEntry['pending'];
}

/** One reader: a read-only connection on the cache, the outbox attached to it as `outbox`. */
export interface QueryContext {
  readonly db: Database.Database;
  readonly statement: <Row>(sql: string) => Database.Statement<unknown[], Row>;
  readonly actor: Actor;
  readonly rules: QueryRules;
  /** What was worked out of the files as they are: dropped as soon as either of them changes. */
  readonly memo: Memo;
}

export interface Memo {
  /** The value kept under `key`, worked out at its first use since the last change. */
  of<T>(key: string, work: () => T): T;
  clear(): void;
}
const KEPT = 500;

export function createMemo(): Memo {
  const kept = new Map<string, unknown>();
  return {
    of<T>(key: string, work: () => T): T {
      // A key names one piece of work, so what lies under it has that work's type.
      if (kept.has(key)) return kept.get(key) as T;
      const value = work();
      if (kept.size >= KEPT) kept.clear();
      kept.set(key, value);
      return value;
    },
    clear: () => kept.clear(),
  };
}

/** Integer of an id in this cache; −1, which no row has, when it is not known. */
export const refOf = ({ statement }: QueryContext, id: string): number =>
  statement<{ ref: number }>('select ref from ids where id = ?').get(id)?.ref ?? -1;

export const revisionOf = ({ statement }: QueryContext): number =>
  statement<{ revision: number }>('select revision from meta').get()?.revision ?? 0;

/** False while the first fill loads: then there is neither full text nor an index on tickets. */
export const isIndexed = ({ statement }: QueryContext): boolean =>
  statement<{ indexed: number }>('select indexed from meta').get()?.indexed === 1;

/** Names of directory rows and codes of tickets by id; what is not held is left out. */
export function namesOf({ statement }: QueryContext, ids: Iterable<string>): Record<string, string> {
  const sql = statement<{ name: string }>(
    `select coalesce(d.name, t.doc ->> '$.number', t.doc ->> '$.provisionalCode') as name from ids i
      left join directory d on d.ref = i.ref left join ticket_docs t on t.ref = i.ref
      where i.id = ? and (d.ref is not null or t.ref is not null)`,
  );
  const names: Record<string, string> = {};
  for (const id of ids) {
    const name = sql.get(id)?.name;
    if (name !== undefined) names[id] = name;
  }
  return names;
}

/** A directory row; null when it is not held. */
export function directoryRow<S extends z.ZodType>(
  { statement }: QueryContext,
  schema: S,
  id: string,
): z.output<S> | null {
  const row = statement<{ doc: string }>(
    'select d.doc from ids i join directory d on d.ref = i.ref where i.id = ?',
  ).get(id);
  return row === undefined ? null : readStored(schema, row.doc);
}
