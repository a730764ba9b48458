import type { Database } from 'better-sqlite3';
import { keyEntries } from './cache-indexes.ts';
import type { Doc } from './cache-tickets.ts';
import { type BulkInsert, createBulkInsert } from './sqlite/bulk-insert.ts';
import { commandKey, type EntryFacts } from './ticket-columns.ts';

/** Base entries, keyed by their place in the ticket. */
export function createEntryWriter(db: Database, touch: (ref: number) => void) {
  const ofTicket = db.prepare('delete from entries where ticket = ?');
  const dropBefore = db.prepare('delete from entries where generation < ?');
  const ofCommand = db.prepare<[number, string], { found: number }>(
    `select exists (select 1 from entries where command_key = ? and doc ->> '$.commandId' = ?) as found`,
  );
  let prepared: BulkInsert | null = null;
  function upsert(): BulkInsert {
    if (prepared !== null) return prepared;
    // The key that the clause names: a file of before a first fill has none.
    keyEntries(db);
    prepared = createBulkInsert(
      db,
      'entries (ticket, seq, actor, command_key, recorded_at, worded, generation, doc)',
      '(?, ?, ?, ?, ?, ?, ?, cast(? as text))',
      `on conflict (ticket, seq) do update set generation = excluded.generation, actor = excluded.actor,
        command_key = excluded.command_key, recorded_at = excluded.recorded_at, worded = excluded.worded, doc = excluded.doc`,
    );
    return prepared;
  }
  return {
    /** A row of the store. It is in the table after `flush`. */
    upsert(facts: EntryFacts, doc: Doc, generation: number): void {
      upsert().add([...facts, generation, doc]);
      const [ticket, , , , , worded] = facts;
      if (worded === 1) touch(ticket);
    },
    flush: () => prepared?.flush(),
    removeOf: (ticket: number) => void ofTicket.run(ticket),
    dropBefore: (generation: number) => void dropBefore.run(generation),
    holds: (commandId: string): boolean => ofCommand.get(commandKey(commandId), commandId)?.found === 1,
    /** The transaction was rolled back, or the schema made anew. */
    reset(): void {
      prepared = null;
    },
  };
}
