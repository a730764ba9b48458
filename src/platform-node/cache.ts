import type { Database } from 'better-sqlite3';
import type { CachePort, CacheTx } from '../core/ports/cache.ts';
import type { StorageFailure } from '../core/ports/storage-failure.ts';
import type { StoreRow } from '../core/ports/store-client.ts';
import type { TimelineEntry } from '../domain/events.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Result } from '../shared/result.ts';
import { createAttachmentReader } from './cache-attachments.ts';
import { createDigestReader } from './cache-digests.ts';
import { createDirectoryLookup, createDirectoryWriter } from './cache-directory.ts';
import { createEntryWriter } from './cache-entries.ts';
import { createBuilder, insertWords, rebuildWords } from './cache-indexes.ts';
import { createMetaStore } from './cache-meta.ts';
import { createRefs } from './cache-refs.ts';
import { createTicketWriter } from './cache-tickets.ts';
import { attempt } from './sqlite/storage-failure.ts';
import { PackedPage } from './store-client/packed-page.ts';
import { entryFacts, ticketFacts } from './ticket-columns.ts';

/** Pages of the log before it goes into the main file, while a fill writes in bulk. */
const CHECKPOINT_FILLING = 16_000;
const CHECKPOINT = 1_000;
/** Indexes of a fill that do not fit are written and read again: a third of its time with 100,000 tickets. After it nothing needs that much. */
export const CACHE_KIB_FILLING = 32_768;

/** `CachePort` over an open, migrated file, without `wipe` and `damaged`: the file is its owner's to judge and to replace. */
export function createCache(db: Database): Omit<CachePort, 'wipe' | 'damaged'> {
  const meta = createMetaStore(db);
  const refs = createRefs(db);
  const sql = {
    forgetWords: db.prepare('delete from ticket_search where rowid = ?'),
    words: db.prepare(`${insertWords} where ref = ?`),
    firstSince: db.prepare<[number, number], { first: number | null }>(
      'select min(seq) as first from entries where ticket = ? and recorded_at >= ?',
    ),
    latest: db.prepare<[], { latest: number | null }>(
      `select max(latest) as latest from (
        select max(recorded_at) as latest from tickets t where not exists (select 1 from overlays o where o.ref = t.ref)
        union all select max(doc ->> '$.recordedAt') from base_docs)`,
    ),
  };
  /** State of the transaction under way, read once at its start and set again by what changes it. */
  let indexed = meta.indexed();
  let generation = meta.generation();
  let filling = meta.get().fill !== null;
  /** As the file was opened. */
  const cacheSize = Number(db.pragma('cache_size', { simple: true }));
  /** A fill that goes on after a start as well. */
  function suit(bulk: boolean): void {
    db.pragma(`wal_autocheckpoint = ${bulk ? CHECKPOINT_FILLING : CHECKPOINT}`);
    db.pragma(`cache_size = ${bulk ? -CACHE_KIB_FILLING : cacheSize}`);
    if (!bulk) db.pragma('shrink_memory');
  }
  if (filling) suit(filling);
  const touched = new Set<number>();
  const touch = (ref: number) => void touched.add(ref);
  /** In a later fill the rows of the store are not followed one by one: their words are built anew at its end. */
  const touchBase = (ref: number) => {
    if (!filling) touch(ref);
  };
  const tickets = createTicketWriter(db, refs, touchBase);
  const overlays = createTicketWriter(db, refs, touch);
  const entries = createEntryWriter(db, touchBase);
  const builder = createBuilder(db);
  const directory = createDirectoryWriter(db, refs, touchBase);
  const lookup = createDirectoryLookup(db, refs.find);

  function upsert(item: StoreRow): void {
    if (item.entity === 'ticket') upsertTicket(item.row, item.doc);
    else if (item.entity === 'entry') upsertEntry(item.row, item.doc);
    else directory.upsert(item, generation);
  }
  /** Rows that come one by one follow no order: the words that a first fill has added already are of before. */
  const outdate = (ref: number) => {
    if (!indexed) touch(ref);
  };
  function upsertEntry(entry: TimelineEntry, doc: string): void {
    const facts = entryFacts(entry, refs.refOf);
    entries.upsert(facts, doc, generation);
    outdate(facts[0]);
  }
  function upsertTicket(ticket: Ticket, doc: string): void {
    const fresh = refs.newRef(ticket.id);
    const facts = ticketFacts(ticket, refs.refOf);
    if (fresh === null) {
      const ref = refs.refOf(ticket.id);
      tickets.upsert(ref, facts, doc, generation);
      outdate(ref);
    } else {
      tickets.add(fresh, facts, doc, generation);
      // The next row may be of the same ticket.
      tickets.flush();
    }
  }
  function upsertAll(rows: readonly StoreRow[]): void {
    for (const row of rows) upsert(row);
    entries.flush();
  }
  /** In a first fill most ids are new, and nothing can be held under them: their rows are inserted without a look. */
  function fillPacked(page: PackedPage): void {
    const { refs: all, firstNew } = refs.refsOf(page.data.ids);
    if (page.data.entity === 'entry') fillEntries(page, all);
    else fillTickets(page, all, firstNew);
    page.kept();
  }
  function fillTickets(page: PackedPage, all: Float64Array, firstNew: number): void {
    for (const [ref, facts, doc] of page.tickets(all))
      if (ref >= firstNew) tickets.add(ref, facts, doc, generation);
      else tickets.upsert(ref, facts, doc, generation);
    tickets.flush();
  }
  function fillEntries(page: PackedPage, all: Float64Array): void {
    const tickets = new Set<number>();
    for (const [facts, doc] of page.entries(all)) {
      tickets.add(facts[0]);
      entries.upsert(facts, doc, generation);
    }
    entries.flush();
    // Entries come ticket by ticket: the next page may go on with the last one.
    if (!indexed) builder.addWords([...tickets].slice(0, -1));
  }
  const tx: CacheTx = {
    upsert: upsertAll,
    fill(page) {
      if (page.form === 'plain') upsertAll(page.rows);
      else if (page instanceof PackedPage) fillPacked(page);
      else throw new Error('rows that another host packed');
    },
    removeTicket(ticketId) {
      const ref = refs.find(ticketId);
      if (ref === null) return;
      entries.removeOf(ref);
      tickets.removeBase(ref);
    },
    removeDirectoryRow: (entity, id) => directory.remove(entity, id),
    base: (ticketId) => base(ticketId),
    readable(ticketId) {
      const ref = refs.find(ticketId);
      return ref === null || tickets.readable(ref);
    },
    baseHolds: entries.holds,
    setOverlay: (ticketId, overlay) => overlays.setOverlay(refs.refOf(ticketId), overlay),
    setMeta(value) {
      meta.set(value);
      filling = value.fill !== null;
      if (!indexed && value.fill?.entity === 'entry') builder.goOn(value.fill);
    },
    beginFill() {
      meta.nextGeneration();
      generation = meta.generation();
      filling = true;
      if (!indexed) builder.begin();
      suit(filling);
    },
    endFill() {
      tickets.dropBefore(generation);
      entries.dropBefore(generation);
      directory.dropBefore(generation);
      if (indexed) rebuildWords(db);
      else {
        builder.finish();
        indexed = true;
      }
      filling = false;
      suit(filling);
    },
  };
  function base(ticketId: string) {
    const ref = refs.find(ticketId);
    return ref === null ? null : tickets.base(ref);
  }
  const inTransaction = db.transaction((work: (tx: CacheTx) => unknown): unknown => {
    const result = work(tx);
    for (const ref of touched) {
      sql.forgetWords.run(ref);
      // In a first fill the end adds the words that are missing.
      if (indexed) sql.words.run(ref);
    }
    meta.bump();
    return result;
  });

  return {
    revision: meta.revision,
    meta: meta.get,
    transaction<T>(work: (tx: CacheTx) => T): Result<T, StorageFailure> {
      touched.clear();
      const outcome: { value?: T } = {};
      const result = attempt(() => {
        try {
          inTransaction.immediate((inner) => {
            outcome.value = work(inner);
          });
        } catch (error) {
          refs.forget();
          entries.reset();
          tickets.forget();
          builder.reset();
          indexed = meta.indexed();
          generation = meta.generation();
          filling = meta.get().fill !== null;
          throw error;
        }
        return outcome.value as T;
      });
      return result;
    },
    shown(ticketId) {
      const ref = refs.find(ticketId);
      return ref === null ? null : tickets.shown(ref);
    },
    base,
    attachments: createAttachmentReader(db, refs.find),
    digests: createDigestReader(db),
    overlaid: tickets.overlaid,
    directory: () => lookup,
    firstSeqSince(ticketId, recordedAt) {
      const ref = refs.find(ticketId);
      return ref === null ? null : (sql.firstSince.get(ref, recordedAt)?.first ?? null);
    },
    latestRecordedAt: () => sql.latest.get()?.latest ?? null,
  };
}
