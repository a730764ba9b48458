import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CacheMeta, CachePort, CacheTx } from '../../src/core/ports/cache.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import {
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
const meta: CacheMeta = {
  epoch: uid('e', 1),
  cursor: 5,
  logHash: '0'.repeat(64),
  seal: '1'.repeat(64),
  scopeVersion: 's',
  schema: 1,
  fill: null,
  caughtUp: true,
};
const write = (cache: CachePort, work: (tx: CacheTx) => void) => {
  const written = cache.transaction(work);
  if (!written.ok) throw new Error(written.error.code);
};
const filled = (create: () => CachePort, ...rows: Parameters<CacheTx['upsert']>[0]) => {
  const cache = create();
  write(cache, (tx) => {
    tx.beginFill();
    tx.upsert([siteRow(1, 'Lima'), teamRow(1, 'Mesa', true), personRow(1, 'Rosa'), ...rows]);
  });
  write(cache, (tx) => {
    tx.endFill();
    tx.setMeta(meta);
  });
  return cache;
};

for (const [name, create] of Object.entries(adapters)) {
  describe(`cache port: ${name}`, () => {
    test('an empty cache knows nothing', () => {
      const cache = create();
      expect(cache.meta()).toMatchObject({ epoch: null, cursor: null, fill: null, caughtUp: false });
      expect(cache.shown(uid('a', 1))).toBeNull();
      expect(cache.latestRecordedAt()).toBeNull();
      expect(cache.directory().triageTeam()).toBeNull();
    });

    test('SY6 a transaction that throws leaves nothing, and the next one works', () => {
      const cache = filled(create);
      const revision = cache.revision();
      expect(() =>
        cache.transaction((tx) => {
          tx.upsert([ticketRow(ticket(1)), personRow(77, 'Nadie')]);
          throw new Error('bug');
        }),
      ).toThrow('bug');
      expect(cache.shown(uid('a', 1))).toBeNull();
      expect(cache.revision()).toBe(revision);
      write(cache, (tx) => tx.upsert([ticketRow(ticket(1)), personRow(77, 'Alguien')]));
      expect(cache.shown(uid('a', 1))?.version).toBe(1);
      expect(cache.directory().person(uid('b', 77))?.name).toBe('Alguien');
      expect(cache.revision()).toBeGreaterThan(revision);
    });

    test('SY8 a row never goes back within a fill; a new fill overwrites whatever its version', () => {
      const cache = filled(create, ticketRow(ticket(1, { version: 5, subject: 'cinco' })));
      write(cache, (tx) => tx.upsert([ticketRow(ticket(1, { version: 4, subject: 'cuatro' }))]));
      expect(cache.shown(uid('a', 1))?.subject).toBe('cinco');
      write(cache, (tx) => {
        tx.beginFill();
        tx.upsert([ticketRow(ticket(1, { version: 2, subject: 'dos' }))]);
      });
      expect(cache.shown(uid('a', 1))?.subject).toBe('dos');
    });

    test('SY7 the end of a fill drops what it did not send; until then old rows can be read', () => {
      const cache = filled(create, ticketRow(ticket(1)), ticketRow(ticket(2)), entryRow(entry(1, 1, note('a'))));
      write(cache, (tx) => {
        tx.beginFill();
        tx.upsert([ticketRow(ticket(2))]);
      });
      expect(cache.shown(uid('a', 1))).not.toBeNull();
      write(cache, (tx) => tx.endFill());
      expect(cache.shown(uid('a', 1))).toBeNull();
      expect(cache.shown(uid('a', 2))).not.toBeNull();
      expect(cache.directory().site(uid('7', 1))).toBeNull();
      write(cache, (tx) => expect(tx.baseHolds(entry(1, 1, note('a')).commandId)).toBe(false));
    });

    test('C35 the first number that the store gave at an instant or later is told of the base, overlay aside', () => {
      const at = ticket(1).recordedAt ?? 0;
      const rows = [1, 2, 3].map((seq) => entryRow(entry(1, seq, note(`${seq}`), { recordedAt: at + seq })));
      const cache = filled(create, ticketRow(ticket(1, { version: 3 })), ...rows);
      const pending = entry(1, 4, note('por enviar'), { recordedAt: null });
      write(cache, (tx) => tx.setOverlay(uid('a', 1), { ticket: ticket(1), entries: [pending], doubts: [] }));
      const since = (instant: number) => cache.firstSeqSince(uid('a', 1), instant);
      expect([since(0), since(at + 2), since(at + 3), since(at + 4)]).toEqual([1, 2, 3, null]);
      expect(cache.firstSeqSince(uid('a', 9), 0)).toBeNull();
    });

    test('SY5 an overlay shows over its base; base rows go under it; without it the base shows again', () => {
      const cache = filled(create, ticketRow(ticket(1, { subject: 'base' })));
      const overlaid = ticket(1, { subject: 'encima', version: 2, recordedAt: null });
      const entries = [entry(1, 2, note('por enviar'), { recordedAt: null })];
      write(cache, (tx) => tx.setOverlay(uid('a', 1), { ticket: overlaid, entries, doubts: [] }));
      expect([cache.shown(uid('a', 1))?.subject, cache.base(uid('a', 1))?.subject]).toEqual(['encima', 'base']);
      expect(cache.overlaid()).toEqual([uid('a', 1)]);
      write(cache, (tx) => {
        tx.upsert([ticketRow(ticket(1, { subject: 'base nueva', version: 3 }))]);
        expect(tx.base(uid('a', 1))?.subject).toBe('base nueva');
      });
      expect(cache.shown(uid('a', 1))?.subject).toBe('encima');
      expect(cache.latestRecordedAt()).toBe(ticket(1).recordedAt);
      write(cache, (tx) => tx.setOverlay(uid('a', 1), null));
      expect(cache.shown(uid('a', 1))?.subject).toBe('base nueva');
      expect(cache.overlaid()).toEqual([]);
    });

    test('SY9 an overlay with no base shows; removing the base keeps it; a null ticket shows nothing', () => {
      const cache = filled(create, ticketRow(ticket(1)));
      write(cache, (tx) =>
        tx.setOverlay(uid('a', 2), { ticket: ticket(2, { number: null }), entries: [], doubts: [] }),
      );
      expect(cache.shown(uid('a', 2))?.number).toBeNull();
      expect(cache.base(uid('a', 2))).toBeNull();
      write(cache, (tx) =>
        tx.setOverlay(uid('a', 1), { ticket: ticket(1, { subject: 'mío' }), entries: [], doubts: [] }),
      );
      write(cache, (tx) => tx.removeTicket(uid('a', 1)));
      expect([cache.shown(uid('a', 1))?.subject, cache.base(uid('a', 1))]).toEqual(['mío', null]);
      const doubt = { commandId: uid('c', 1), refusal: { code: 'noteEmpty' as const, params: {} } };
      write(cache, (tx) => tx.setOverlay(uid('a', 1), { ticket: null, entries: [], doubts: [doubt] }));
      expect(cache.shown(uid('a', 1))).toBeNull();
      write(cache, (tx) => tx.setOverlay(uid('a', 1), null));
      expect(cache.overlaid()).toEqual([uid('a', 2)]);
    });

    test('SY14 a cache keeps the sealed place of its cursor, and that of a fill under way', () => {
      const cache = filled(create);
      expect(cache.meta()).toEqual(meta);
      const fill = {
        epoch: uid('e', 2),
        pin: 9,
        logHash: '2'.repeat(64),
        seal: '3'.repeat(64),
        scopeVersion: 's2',
        entity: 'entry' as const,
        after: 'k',
        done: 3,
        total: null,
      };
      write(cache, (tx) => tx.setMeta({ ...meta, fill, caughtUp: false }));
      expect(cache.meta()).toEqual({ ...meta, fill, caughtUp: false });
    });

    test('SY16 a row of this version can be read, and one that is not held is no row that cannot', () => {
      const cache = filled(create, ticketRow(ticket(1)));
      write(cache, (tx) => {
        tx.setOverlay(uid('a', 2), { ticket: ticket(2), entries: [], doubts: [] });
        expect([1, 2, 3].map((n) => tx.readable(uid('a', n)))).toEqual([true, true, true]);
      });
    });

    test('a directory row that is removed is gone, with what hangs on it; another row of that id stays', () => {
      const cache = filled(create, membershipRow(1, 1, 1), personRow(2, 'Luis'));
      write(cache, (tx) => {
        tx.removeDirectoryRow('site', uid('b', 2));
        expect(cache.directory().person(uid('b', 2))?.name).toBe('Luis');
        tx.removeDirectoryRow('person', uid('b', 2));
        tx.removeDirectoryRow('person', uid('b', 99));
        tx.removeDirectoryRow('membership', uid('9', 1));
        expect(cache.directory().person(uid('b', 2))).toBeNull();
      });
      expect(cache.directory().isMember(uid('b', 1), uid('8', 1))).toBe(false);
      expect(() =>
        cache.transaction((tx) => {
          tx.removeDirectoryRow('team', uid('8', 1));
          throw new Error('bug');
        }),
      ).toThrow('bug');
      expect(cache.directory().triageTeam()?.name).toBe('Mesa');
      // What was removed comes back whatever its version.
      write(cache, (tx) => tx.upsert([personRow(2, 'Luis', 1)]));
      expect(cache.directory().person(uid('b', 2))?.name).toBe('Luis');
    });

    test('what a caller does with its own objects changes nothing that is held', () => {
      const row = ticket(1, { subject: 'antes', parked: [] });
      const overlaid = ticket(2, { subject: 'antes' });
      const cache = filled(create, { entity: 'ticket', row, doc: JSON.stringify(row) });
      write(cache, (tx) => tx.setOverlay(uid('a', 2), { ticket: overlaid, entries: [], doubts: [] }));
      for (const mine of [row, overlaid, cache.shown(uid('a', 1)), cache.shown(uid('a', 2))]) {
        try {
          Object.assign(mine ?? {}, { subject: 'después' });
        } catch (error) {
          // Frozen: that keeps it apart too.
          expect(error).toBeInstanceOf(TypeError);
        }
      }
      expect([cache.shown(uid('a', 1))?.subject, cache.shown(uid('a', 2))?.subject]).toEqual(['antes', 'antes']);
    });

    test('the directory answers inside the transaction too, and memberships follow their rows', () => {
      const cache = filled(create, membershipRow(1, 1, 1));
      const directory = cache.directory();
      expect(directory.triageTeam()?.name).toBe('Mesa');
      expect([directory.isMember(uid('b', 1), uid('8', 1)), directory.isMember(uid('b', 2), uid('8', 1))]).toEqual([
        true,
        false,
      ]);
      write(cache, (tx) => {
        tx.upsert([personRow(2, 'Luis')]);
        expect(cache.directory().person(uid('b', 2))?.name).toBe('Luis');
        tx.upsert([entryRow(entry(1, 1, note('hola')))]);
        expect(tx.baseHolds(entry(1, 1, note('hola')).commandId)).toBe(true);
        expect(tx.baseHolds(uid('c', 999_999))).toBe(false);
      });
    });

    test('wiping leaves an empty cache that can be filled again', () => {
      const cache = filled(create, ticketRow(ticket(1)));
      const revision = cache.revision();
      expect(cache.wipe()).toEqual({ ok: true, value: null });
      expect(cache.meta().cursor).toBeNull();
      expect(cache.shown(uid('a', 1))).toBeNull();
      expect(cache.revision()).toBeGreaterThan(revision);
      write(cache, (tx) => {
        tx.beginFill();
        tx.upsert([ticketRow(ticket(1))]);
        tx.endFill();
        tx.setMeta(meta);
      });
      expect(cache.shown(uid('a', 1))).not.toBeNull();
    });
  });
}
