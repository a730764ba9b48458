import Database from 'better-sqlite3';
import type { HeldRow } from '../digest.ts';

interface Held {
  readonly id: string;
  readonly doc: string;
}

/** Tickets and notes of a console's cache, with the documents as the store has them. */
export function* heldByConsole(cachePath: string): Generator<HeldRow> {
  const db = new Database(cachePath, { readonly: true });
  try {
    const tickets = db.prepare<[], Held>('select i.id, d.doc from ticket_docs d join ids i on i.ref = d.ref');
    for (const { id, doc } of tickets.iterate()) yield { id, doc: JSON.parse(doc) };
    const notes = db.prepare<[], Held>(
      `select doc ->> '$.id' as id, doc from entries where doc ->> '$.event.type' = 'noteAdded'`,
    );
    for (const { id, doc } of notes.iterate()) yield { id, doc: JSON.parse(doc) };
  } finally {
    db.close();
  }
}
