import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RowDigest } from '../../src/core/ports/cache.ts';
import { bucketOf, differingGroups, differingRows, groupDigests, rowName } from '../../src/core/sync/digest-compare.ts';
import type { DigestResponse, DigestRowsResponse } from '../../src/protocol/sync/messages.ts';
import { createXorSum } from '../../src/shared/xor-sum.ts';
import { uuid } from '../support/world.ts';

const hex = (n: number) => n.toString(16).padStart(16, '0');
/** Few ids in few buckets, few digests: rows that agree, differ and lack are all frequent. */
const row = fc.record({
  e: fc.constantFrom('ticket' as const, 'person' as const, 'site' as const),
  id: fc.integer({ min: 0x100, max: 0x40f }).map((n) => uuid(n & 0xf03)),
  x: fc.integer({ min: 1, max: 3 }).map(hex),
});
const rows = fc.uniqueArray(row, { selector: rowName, maxLength: 40 });
const movingBuckets = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 });

const sumOf = (held: readonly RowDigest[]) => {
  const sum = createXorSum();
  for (const { x } of held) sum.add(x);
  return { n: held.length, x: sum.hex() };
};
function tallies(held: readonly RowDigest[], moving: number[], movingDirectory: DigestResponse['movingDirectory']) {
  const tickets = Map.groupBy(
    held.filter(({ e }) => e === 'ticket'),
    ({ id }) => bucketOf(id),
  );
  const others = Map.groupBy(
    held.flatMap(({ e, id, x }) => (e === 'ticket' ? [] : [{ e, id, x }])),
    ({ e }) => e,
  );
  const response: DigestResponse = {
    buckets: [...tickets].map(([b, of]) => ({ b, ...sumOf(of) })),
    directory: [...others].map(([e, of]) => ({ e, ...sumOf(of) })),
    moving,
    movingDirectory,
  };
  return response;
}
const nothing = { tickets: new Set<string>(), directory: new Set<'person' | 'site'>() };
const whole = { buckets: [...Array(256).keys()], directory: ['person' as const, 'site' as const] };
const answered = (held: readonly RowDigest[]): DigestRowsResponse => ({
  rows: [...held],
  moving: [],
  movingDirectory: [],
});

test('SY4 the same rows differ nowhere, whatever their order', () => {
  fc.assert(
    fc.property(rows, (held) => {
      const local = groupDigests([...held].reverse());
      expect(differingGroups(local, tallies(held, [], []), nothing)).toEqual({ buckets: [], directory: [] });
      expect(differingRows(local, whole, answered(held), nothing)).toEqual({ fetch: [], extra: [] });
    }),
  );
});

test('SY4 what is fetched and taken out makes the one side the other', () => {
  fc.assert(
    fc.property(rows, rows, (mine, theirs) => {
      const { fetch, extra } = differingRows(groupDigests(mine), whole, answered(theirs), nothing);
      const after = new Map(mine.map((held) => [rowName(held), held.x]));
      for (const key of extra) after.delete(rowName(key));
      for (const key of fetch) after.set(rowName(key), theirs.find((held) => rowName(held) === rowName(key))?.x ?? '');
      expect(after).toEqual(new Map(theirs.map((held) => [rowName(held), held.x])));
      expect(new Set([...fetch, ...extra].map(rowName)).size).toBe(fetch.length + extra.length);
    }),
  );
});

test('SY4 nothing that moved on either side is compared', () => {
  fc.assert(
    fc.property(rows, rows, movingBuckets, rows, (mine, theirs, moving, changedHere) => {
      const touched = {
        tickets: new Set(changedHere.filter(({ e }) => e === 'ticket').map(({ id }) => id)),
        directory: new Set(changedHere.flatMap(({ e }) => (e === 'ticket' ? [] : [e]))),
      };
      const local = groupDigests(mine);
      const groups = differingGroups(local, tallies(theirs, moving, ['site']), touched);
      for (const b of groups.buckets) expect(moving).not.toContain(b);
      for (const id of touched.tickets) expect(groups.buckets).not.toContain(bucketOf(id));
      expect(groups.directory).not.toContain('site');
      const found = differingRows(local, whole, { rows: theirs, moving, movingDirectory: ['site'] }, touched);
      for (const { e, id } of [...found.fetch, ...found.extra]) {
        expect(e).not.toBe('site');
        if (e === 'ticket') expect(moving.includes(bucketOf(id)) || touched.tickets.has(id)).toBe(false);
        else expect([...touched.directory]).not.toContain(e);
      }
    }),
  );
});
