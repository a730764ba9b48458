import type { Database, Statement } from 'better-sqlite3';
import type { TimelineEntry } from '../domain/events.ts';
import type { Refs } from './cache-refs.ts';
import { wordedEvents } from './ticket-columns.ts';

/** The random tail of a command's id as an integer: a narrow key; a clash is told apart by the id in the document. */
export const commandKey = (commandId: string): number => Number.parseInt(commandId.slice(-12), 16);

/** Base entries, keyed by their place in the ticket. While a first fill loads there is no key yet and rows are appended. */
export function createEntryWriter(db: Database, refs: Refs, touch: (ref: number) => void, indexed: () => boolean) {
  const values =
    '(ticket, seq, generation, actor, command_key, recorded_at, worded, doc) values (?, ?, ?, ?, ?, ?, ?, ?)';
  const append = db.prepare(`insert into entries ${values}`);
  const ofTicket = db.prepare('delete from entries where ticket = ?');
  const dropBefore = db.prepare('delete from entries where generation < ?');
  const ofCommand = db.prepare<[number, string], { found: number }>(
    `select exists (select 1 from entries where command_key = ? and doc ->> '$.commandId' = ?) as found`,
  );
  // The unique key that the clause names exists only once the first fill has ended.
  let upsert: Statement | null = null;
  const keyed = (): Statement => {
    upsert ??= db.prepare(
      `insert into entries ${values} on conflict (ticket, seq) do update set generation = excluded.generation,
        actor = excluded.actor, command_key = excluded.command_key, recorded_at = excluded.recorded_at,
        worded = excluded.worded, doc = excluded.doc`,
    );
    return upsert;
  };
  /** Entries of one ticket come one after the other. */
  let last = { id: '', ref: 0 };
  const refOfTicket = (id: string): number => {
    if (id !== last.id) last = { id, ref: refs.refOf(id) };
    return last.ref;
  };
  return {
    upsert(entry: TimelineEntry, doc: string, generation: number): void {
      const ticket = refOfTicket(entry.ticketId);
      const worded = wordedEvents.has(entry.event.type);
      (indexed() ? keyed() : append).run(
        ticket,
        entry.seq,
        generation,
        refs.refOf(entry.actorId),
        commandKey(entry.commandId),
        entry.recordedAt,
        worded ? 1 : 0,
        doc,
      );
      if (worded) touch(ticket);
    },
    removeOf: (ticket: number) => void ofTicket.run(ticket),
    dropBefore: (generation: number) => void dropBefore.run(generation),
    holds: (commandId: string): boolean => ofCommand.get(commandKey(commandId), commandId)?.found === 1,
    /** The transaction was rolled back, or the schema made anew. */
    reset(): void {
      upsert = null;
      last = { id: '', ref: 0 };
    },
  };
}
