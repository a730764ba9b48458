import type { Database } from 'better-sqlite3';
import type { Overlay } from '../core/ports/cache.ts';
import { type Ticket, ticketSchema } from '../domain/ticket.ts';
import type { Refs } from './cache-refs.ts';
import { createBulkInsert } from './sqlite/bulk-insert.ts';
import { readStored } from './stored-row.ts';
import { numberColumns, type TicketFacts, textColumns, ticketColumns, ticketFacts } from './ticket-columns.ts';

const names = ['version', 'generation', ...numberColumns, ...textColumns];
const all = `(ref, ${names.join(', ')})`;
const places = `(?${', ?'.repeat(names.length)})`;
const readTicket = (doc: string): Ticket | null => readStored(ticketSchema, doc);

/** The text of a row, or its bytes in UTF-8. */
export type Doc = string | Uint8Array;
interface BaseRow {
  readonly version: number;
  readonly generation: number;
}

/** Tickets as shown, and the bases of those under an overlay. Full text is told of every change through `touch`. */
export function createTicketWriter(db: Database, refs: Refs, touch: (ref: number) => void) {
  const sql = {
    stand: db.prepare<[number], BaseRow>('select version, generation from tickets where ref = ?'),
    put: db.prepare(
      `insert into tickets ${all} values ${places} on conflict (ref) do update set
        ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    ),
    putDoc: db.prepare<[number, Doc]>(
      'insert into ticket_docs (ref, doc) values (?, cast(? as text)) on conflict (ref) do update set doc = excluded.doc',
    ),
    doc: db.prepare<[number], { doc: string }>('select doc from ticket_docs where ref = ?'),
    relate: db.prepare<[number, number | null, number | null, number | null]>(
      `insert into relatives (ref, merged_into, split_from, problem) values (?, ?, ?, ?) on conflict (ref) do update set
        merged_into = excluded.merged_into, split_from = excluded.split_from, problem = excluded.problem`,
    ),
    unrelate: db.prepare('delete from relatives where ref = ?'),
    drop: db.prepare('delete from tickets where ref = ?'),
    dropDoc: db.prepare('delete from ticket_docs where ref = ?'),
    baseStand: db.prepare<[number], BaseRow>('select version, generation from base_docs where ref = ?'),
    baseDoc: db.prepare<[number], BaseRow & { doc: string }>(
      'select version, generation, doc from base_docs where ref = ?',
    ),
    putBase: db.prepare<[number, number, number, Doc]>(
      `insert into base_docs (ref, version, generation, doc) values (?, ?, ?, cast(? as text)) on conflict (ref) do update set
        version = excluded.version, generation = excluded.generation, doc = excluded.doc`,
    ),
    keepBase: db.prepare(
      `insert into base_docs (ref, version, generation, doc)
        select t.ref, t.version, t.generation, d.doc from tickets t join ticket_docs d on d.ref = t.ref where t.ref = ?`,
    ),
    dropBase: db.prepare('delete from base_docs where ref = ?'),
    overlaid: db.prepare<[number], { found: number }>('select exists (select 1 from overlays where ref = ?) as found'),
    allOverlaid: db.prepare<[], { id: string }>(
      'select i.id from overlays o join ids i on i.ref = o.ref order by o.ref',
    ),
    putOverlay: db.prepare('insert into overlays (ref) values (?) on conflict do nothing'),
    dropOverlay: db.prepare('delete from overlays where ref = ?'),
    putEntry: db.prepare('insert into overlay_entries (ref, pos, id, command_id, doc) values (?, ?, ?, ?, ?)'),
    dropEntries: db.prepare('delete from overlay_entries where ref = ?'),
    putDoubt: db.prepare(
      `insert into doubts (command_id, ref, refusal) values (?, ?, ?) on conflict (command_id) do update set
        ref = excluded.ref, refusal = excluded.refusal`,
    ),
    dropDoubts: db.prepare('delete from doubts where ref = ?'),
    staleTickets: db.prepare<[number], { ref: number; id: string }>(
      `select t.ref, i.id from tickets t join ids i on i.ref = t.ref
        where t.generation < ? and not exists (select 1 from overlays o where o.ref = t.ref)`,
    ),
    dropStaleBases: db.prepare('delete from base_docs where generation < ?'),
  };
  const isOverlaid = (ref: number) => sql.overlaid.get(ref)?.found === 1;

  const added = {
    rows: createBulkInsert(db, `tickets ${all}`, places),
    docs: createBulkInsert(db, 'ticket_docs (ref, doc)', '(?, cast(? as text))'),
  };
  const factsOf = (ticket: Ticket) => ticketFacts(ticket, refs.refOf);
  const rowOf = (ref: number, facts: TicketFacts, { version, generation }: BaseRow) => [
    ref,
    version,
    generation,
    ...ticketColumns(facts, refs.nameKey),
  ];
  function show(ref: number, facts: TicketFacts, doc: Doc, stand: BaseRow): void {
    sql.put.run(...rowOf(ref, facts, stand));
    sql.putDoc.run(ref, doc);
    relate(ref, facts);
    touch(ref);
  }
  function relate(ref: number, { relatives }: TicketFacts, isNew = false): void {
    if (relatives.some((relative) => relative !== null)) sql.relate.run(ref, ...relatives);
    else if (!isNew) sql.unrelate.run(ref);
  }
  function hide(ref: number): void {
    sql.drop.run(ref);
    sql.dropDoc.run(ref);
    sql.unrelate.run(ref);
    touch(ref);
  }
  function clearOverlay(ref: number): void {
    sql.dropEntries.run(ref);
    sql.dropDoubts.run(ref);
  }

  return {
    /** A row of the store; left when it is of this fill and its version is not above the held one (SY8). */
    upsert(ref: number, facts: TicketFacts, doc: Doc, generation: number): void {
      const overlaid = isOverlaid(ref);
      const stand = (overlaid ? sql.baseStand : sql.stand).get(ref);
      if (stand !== undefined && stand.generation === generation && facts.version <= stand.version) return;
      if (overlaid) sql.putBase.run(ref, facts.version, generation, doc);
      else show(ref, facts, doc, { version: facts.version, generation });
    },
    /** The same for a ticket that nothing can be held of. It is in the table after `flush`. */
    add(ref: number, facts: TicketFacts, doc: Doc, generation: number): void {
      added.rows.add(rowOf(ref, facts, { version: facts.version, generation }));
      added.docs.add([ref, doc]);
      relate(ref, facts, true);
      touch(ref);
    },
    flush(): void {
      added.rows.flush();
      added.docs.flush();
    },
    /** The transaction was rolled back. */
    forget(): void {
      added.rows.forget();
      added.docs.forget();
    },
    removeBase(ref: number): void {
      if (isOverlaid(ref)) sql.dropBase.run(ref);
      else hide(ref);
    },
    setOverlay(ref: number, overlay: Overlay | null): void {
      const was = isOverlaid(ref);
      clearOverlay(ref);
      if (overlay === null) {
        if (!was) return;
        const base = sql.baseDoc.get(ref);
        sql.dropOverlay.run(ref);
        sql.dropBase.run(ref);
        const ticket = base === undefined ? null : readTicket(base.doc);
        if (base === undefined || ticket === null) hide(ref);
        else show(ref, factsOf(ticket), base.doc, base);
        return;
      }
      if (!was) {
        sql.putOverlay.run(ref);
        sql.keepBase.run(ref);
      }
      overlay.entries.forEach((entry, pos) => {
        sql.putEntry.run(ref, pos, entry.id, entry.commandId, JSON.stringify(entry));
      });
      for (const { commandId, refusal } of overlay.doubts) sql.putDoubt.run(commandId, ref, JSON.stringify(refusal));
      if (overlay.ticket === null) hide(ref);
      else show(ref, factsOf(overlay.ticket), JSON.stringify(overlay.ticket), { version: 0, generation: 0 });
    },
    base(ref: number): Ticket | null {
      const row = isOverlaid(ref) ? sql.baseDoc.get(ref) : sql.doc.get(ref);
      return row === undefined ? null : readTicket(row.doc);
    },
    readable(ref: number): boolean {
      const row = isOverlaid(ref) ? sql.baseDoc.get(ref) : sql.doc.get(ref);
      return row === undefined || readTicket(row.doc) !== null;
    },
    shown(ref: number): Ticket | null {
      const row = sql.doc.get(ref);
      return row === undefined ? null : readTicket(row.doc);
    },
    overlaid: (): readonly string[] => sql.allOverlaid.all().map(({ id }) => id),
    /** Drops bases that this fill did not send; an overlay on one stays. */
    dropBefore(generation: number): void {
      for (const { ref } of sql.staleTickets.all(generation)) hide(ref);
      sql.dropStaleBases.run(generation);
    },
  };
}
