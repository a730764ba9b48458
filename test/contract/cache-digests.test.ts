import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CachePort, CacheTx, RowDigest } from '../../src/core/ports/cache.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import {
  assetRow,
  entry,
  entryRow,
  freshDir,
  membershipRow,
  note,
  personRow,
  siteRow,
  teamRow,
  ticket,
  ticketRow,
  uid,
} from '../platform-node/fixtures.ts';
import { createMemoryCache, emptyCacheDisk } from '../support/console/memory-cache.ts';

const adapters: Record<string, () => CachePort> = {
  memory: () => createMemoryCache(emptyCacheDisk(), () => null),
  SQLite() {
    const opened = openCacheFile(join(freshDir(), 'cache.db'));
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value.port;
  },
};
const write = (cache: CachePort, work: (tx: CacheTx) => void) => expect(cache.transaction(work).ok).toBe(true);
const filledWith = (create: () => CachePort, rows: readonly StoreRow[]) => {
  const cache = create();
  write(cache, (tx) => {
    tx.beginFill();
    tx.upsert(rows);
    tx.endFill();
  });
  return cache;
};
/** Every row's digest, page after page. */
const allDigests = (cache: CachePort, limit = 1_000): RowDigest[] => {
  const found: RowDigest[] = [];
  let after: string | null = null;
  for (let page = 0; page < 100; page += 1) {
    const { rows, next } = cache.digests(after, limit);
    expect(rows.length).toBeLessThanOrEqual(limit);
    found.push(...rows);
    if (next === null) return found;
    after = next;
  }
  throw new Error('no end');
};
const byId = (a: RowDigest, b: RowDigest) => (a.id < b.id ? -1 : 1);
/** As protocol/sync/messages.ts says it, by another road. */
const digest = (...texts: string[]): string =>
  texts
    .map((text) => BigInt(`0x${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)}`))
    .reduce((sum, one) => sum ^ one, 0n)
    .toString(16)
    .padStart(16, '0');
const spaced = (row: StoreRow): StoreRow => ({ ...row, doc: JSON.stringify(row.row, null, 1) });

const directoryRows = [siteRow(1, 'Lima'), teamRow(1, 'Mesa'), personRow(1, 'Rosa Ñaupari'), membershipRow(1, 1, 1)];
const rows: StoreRow[] = [
  ...directoryRows,
  assetRow(1, 'PC-1', 1),
  // Not as this console would write it: the text of the store is what counts.
  spaced(ticketRow(ticket(1, { subject: 'señal 网络 🐦' }))),
  spaced(entryRow(entry(1, 1, note('uno')))),
  entryRow(entry(1, 2, note('dos'))),
  ticketRow(ticket(2)),
];

for (const [name, create] of Object.entries(adapters)) {
  describe(`SY4 digests of the cache port: ${name}`, () => {
    test('an empty cache has none', () => {
      expect(create().digests(null, 10)).toEqual({ rows: [], next: null });
    });

    test('each is that of the exact text that the store sent, a ticket with its entries', () => {
      const texts = rows.map((row) => row.doc);
      const [ticket1 = '', entry1 = '', entry2 = '', ticket2 = ''] = texts.slice(5);
      const expected: RowDigest[] = [
        ...rows.slice(0, 5).map((row) => ({ e: row.entity, id: row.row.id, x: digest(row.doc) }) as RowDigest),
        { e: 'ticket', id: uid('a', 1), x: digest(ticket1, entry1, entry2) },
        { e: 'ticket', id: uid('a', 2), x: digest(ticket2) },
      ];
      expect(allDigests(filledWith(create, rows)).sort(byId)).toEqual(expected.sort(byId));
    });

    test('pages of any size give every row once, directory first', () => {
      const cache = filledWith(create, rows);
      const whole = allDigests(cache);
      expect(whole.map(({ e }) => e === 'ticket')).toEqual([...Array(5).fill(false), true, true]);
      for (const limit of [1, 2, 3, 5, 6, 7]) expect(allDigests(cache, limit)).toEqual(whole);
    });

    test('an overlay does not count, the base under it does', () => {
      const cache = filledWith(create, rows);
      const before = allDigests(cache).sort(byId);
      write(cache, (tx) => {
        const entries = [entry(1, 3, note('por enviar'), { recordedAt: null })];
        tx.setOverlay(uid('a', 1), { ticket: ticket(1, { subject: 'mío', version: 2 }), entries, doubts: [] });
        tx.setOverlay(uid('a', 7), { ticket: ticket(7, { number: null }), entries: [], doubts: [] });
      });
      expect(allDigests(cache).sort(byId)).toEqual(before);
      write(cache, (tx) => tx.upsert([ticketRow(ticket(1, { version: 3 }))]));
      expect(allDigests(cache).sort(byId)).not.toEqual(before);
      write(cache, (tx) => tx.setOverlay(uid('a', 1), null));
      const texts = rows.slice(6, 8).map((row) => row.doc);
      expect(allDigests(cache).find(({ id }) => id === uid('a', 1))?.x).toBe(
        digest(JSON.stringify(ticket(1, { version: 3 })), ...texts),
      );
    });

    test('a row that is taken out and comes again has its digest again; a rolled back change leaves it', () => {
      const cache = filledWith(create, rows);
      const before = allDigests(cache).sort(byId);
      expect(() =>
        cache.transaction((tx) => {
          tx.removeTicket(uid('a', 1));
          tx.removeDirectoryRow('site', uid('7', 1));
          expect(cache.digests(null, 100).rows).toHaveLength(5);
          throw new Error('bug');
        }),
      ).toThrow('bug');
      expect(allDigests(cache).sort(byId)).toEqual(before);
      write(cache, (tx) => {
        tx.removeTicket(uid('a', 1));
        tx.removeDirectoryRow('site', uid('7', 1));
        tx.upsert(rows);
      });
      expect(allDigests(cache).sort(byId)).toEqual(before);
      write(cache, (tx) => tx.removeTicket(uid('a', 1)));
      expect(allDigests(cache).map(({ id }) => id)).not.toContain(uid('a', 1));
    });
  });
}
