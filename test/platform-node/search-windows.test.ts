import { describe, expect, test } from 'vitest';
import { queueRows } from '../../src/platform-node/queries/queue-rows.ts';
import { type SearchLimits, searchWindow } from '../../src/platform-node/queries/queue-search.ts';
import { matchQuery } from '../../src/platform-node/queries/search-terms.ts';
import type { QueueQuery } from '../../src/protocol/console/rows.ts';
import { ticket, ticketRow, uid } from './fixtures.ts';
import { everything, profileWith } from './reading.ts';

const TICKETS = 240;
const people = [1, 2, 9];
/** Every ticket has "sede"; "impresora" a third; "correo" a tenth. */
const many = Array.from({ length: TICKETS }, (_, at) =>
  ticket(at + 1, {
    subject: ['sede', at % 3 === 0 ? 'impresora' : 'red', at % 10 === 0 ? 'correo' : ''].join(' ').trim(),
    assigneeId: uid('b', people[at % 3] ?? 9),
    tier: at % 7 === 0 ? 2 : 1,
    updatedAt: 1_000 + ((at * 37) % 101),
  }),
);
const { context } = profileWith(many.map(ticketRow)).open();

/** Ways to a window: all matches at hand; more than is shown; tests along the index; tests given up far down. */
const ways: Record<string, SearchLimits> = {
  gathered: { shown: 500, gathered: 500, tested: 500 },
  'more than is shown': { shown: 20, gathered: 500, tested: 500 },
  tested: { shown: 20, gathered: 30, tested: 10_000 },
  'given up': { shown: 20, gathered: 30, tested: 5 },
};

const refs = context.db
  .prepare<[], { ref: number; id: string }>('select t.ref, i.id from tickets t join ids i on i.ref = t.ref')
  .all();
const refOf = new Map(refs.map(({ ref, id }) => [id, ref]));
const rows = queueRows(
  context,
  refs.map(({ ref }) => ref),
);

/** Ids of every match in order, by a plain statement and a sort that know none of the ways. */
function whole(query: QueueQuery): string[] {
  const found = new Set(
    context.db
      .prepare<[string | null], { id: string }>(
        'select i.id from ticket_search s join ids i on i.ref = s.rowid where s.ticket_search match ?',
      )
      .all(matchQuery(query.text))
      .map(({ id }) => id),
  );
  const kept = rows.filter(
    (row) =>
      found.has(row.id) &&
      (query.tier === null || row.tier === query.tier) &&
      (query.assigneeId === null || row.assigneeId === query.assigneeId),
  );
  const key = (row: (typeof kept)[number]) => (query.sort.by === 'updated' ? row.updatedAt : (row.number ?? ''));
  const byRef = (a: string, b: string) => (refOf.get(a) ?? 0) - (refOf.get(b) ?? 0);
  const sorted = kept.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : byRef(a.id, b.id)));
  const ids = sorted.map(({ id }) => id);
  return query.sort.dir === 'asc' ? ids : ids.reverse();
}
const idsOf = (refs: readonly number[]) => queueRows(context, refs).map(({ id }) => id);

describe.each(Object.entries(ways))('a search, %s', (_way, limits) => {
  test.each(['se', 'sed', 'sede', 'impresora', 'impresora correo', 'correo', 'nada'])(
    '%j gives what matches, each once, in the order asked for, and says when there is more',
    (text) => {
      for (const by of ['updated', 'number'] as const)
        for (const dir of ['asc', 'desc'] as const)
          for (const filters of [{}, { tier: 2 }, { assigneeId: uid('b', 2) }] as const) {
            context.memo.clear();
            const query = { ...everything, ...filters, text, sort: { by, dir } };
            const expected = whole(query);
            const pieces = [0, 7, 14, 21].map((offset) =>
              searchWindow(context, { ...query, offset, limit: 7 }, limits),
            );
            const what = JSON.stringify([text, by, dir, filters]);
            const total = Math.min(expected.length, limits.shown);
            expect(
              pieces.map((piece) => [piece.total, piece.more]),
              what,
            ).toEqual(pieces.map(() => [total, expected.length > limits.shown]));
            expect(idsOf(pieces.flatMap(({ refs }) => refs)), what).toEqual(expected.slice(0, Math.min(total, 28)));
          }
    },
  );
});

test('searches one after the other keep their matches apart', () => {
  const texts = ['sede', 'impresora', 'correo', 'red'];
  const expected = texts.map((text) => whole({ ...everything, text }).length);
  const found = () => texts.map((text) => searchWindow(context, { ...everything, text }, ways['gathered']).total);
  expect([found(), found()]).toEqual([expected, expected]);
});
