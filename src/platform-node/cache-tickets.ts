import type { Database } from 'better-sqlite3';
import type { Overlay } from '../core/ports/cache.ts';
import { type Ticket, ticketSchema } from '../domain/ticket.ts';
import type { Refs } from './cache-refs.ts';
import { readStored } from './stored-row.ts';
import { ticketColumns } from './ticket-columns.ts';

const columns =
  `open, status, kind, tier, team, site, assignee, priority, senior, citizen, to_accept, offered_to, requester,
  registered_at, updated_at, recorded_at, number_key, subject_key, requester_key, assignee_key, site_key`.split(
    /,\s*/u,
  );
const names = ['version', 'generation', ...columns];
const readTicket = (doc: string): Ticket | null => readStored(ticketSchema, doc);

interface BaseRow {
  readonly version: number;
  readonly generation: number;
}

/** Tickets as shown, and the bases of those under an overlay. Full text is told of every change through `touch`. */
export function createTicketWriter(db: Database, refs: Refs, touch: (ref: number) => void) {
  const sql = {
    stand: db.prepare<[number], BaseRow>('select version, generation from tickets where ref = ?'),
    put: db.prepare(
      `insert into tickets (ref, ${names.join(', ')}) values (?${', ?'.repeat(names.length)}) on conflict (ref) do update set
        ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    ),
    putDoc: db.prepare(
      'insert into ticket_docs (ref, doc) values (?, ?) on conflict (ref) do update set doc = excluded.doc',
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
    putBase: db.prepare(
      `insert into base_docs (ref, version, generation, doc) values (?, ?, ?, ?) on conflict (ref) do update set
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

  function show(ref: number, ticket: Ticket, doc: string, stand: BaseRow): void {
    sql.put.run(ref, stand.version, stand.generation, ...ticketColumns(ticket, refs));
    sql.putDoc.run(ref, doc);
    touch(ref);
  }
  function showRelated(ref: number, ticket: Ticket, doc: string, stand: BaseRow): void {
    show(ref, ticket, doc, stand);
    relate(ref, ticket);
  }
  function relate(ref: number, { mergedInto, splitFrom, problemId }: Ticket, isNew = false): void {
    const [merged, split, problem] = [mergedInto, splitFrom, problemId].map((id) =>
      id === null || id === undefined ? null : refs.refOf(id),
    );
    if (merged !== null || split !== null || problem !== null)
      sql.relate.run(ref, merged ?? null, split ?? null, problem ?? null);
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
    upsert(ticket: Ticket, doc: string, generation: number): void {
      const fresh = refs.newRef(ticket.id);
      if (fresh !== null) {
        show(fresh, ticket, doc, { version: ticket.version, generation });
        relate(fresh, ticket, true);
        return;
      }
      const ref = refs.refOf(ticket.id);
      const overlaid = isOverlaid(ref);
      const stand = (overlaid ? sql.baseStand : sql.stand).get(ref);
      if (stand !== undefined && stand.generation === generation && ticket.version <= stand.version) return;
      if (overlaid) sql.putBase.run(ref, ticket.version, generation, doc);
      else showRelated(ref, ticket, doc, { version: ticket.version, generation });
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
        else showRelated(ref, ticket, base.doc, base);
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
      else showRelated(ref, overlay.ticket, JSON.stringify(overlay.ticket), { version: 0, generation: 0 });
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
