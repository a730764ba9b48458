import { describe, expect, it } from 'vitest';
import { canonical, digestOf } from '../../bench/peers/digest.ts';

const row = (id: string, doc: unknown) => ({ id, doc });

describe('the digest that the peers bench compares end states by', () => {
  const rows = [
    row('b', { text: 'ñandú', n: 1, deep: { y: null, x: [1, { q: 2, p: 1 }] } }),
    row('a', { text: 'uno' }),
  ];

  it('is the same whatever the order of rows and of keys', async () => {
    const turned = [
      row('a', { text: 'uno' }),
      row('b', { deep: { x: [1, { p: 1, q: 2 }], y: null }, n: 1, text: 'ñandú' }),
    ];
    expect(await digestOf(turned)).toEqual(await digestOf(rows));
    expect((await digestOf(rows)).rows).toBe(2);
  });

  it.each([
    ['another value', [row('b', { ...Object(rows[0]?.doc), n: 2 }), row('a', { text: 'uno' })]],
    ['a value of another type', [row('b', { ...Object(rows[0]?.doc), n: '1' }), row('a', { text: 'uno' })]],
    [
      'another order in a list',
      [row('b', { text: 'ñandú', n: 1, deep: { y: null, x: [{ q: 2, p: 1 }, 1] } }), row('a', { text: 'uno' })],
    ],
    ['a key more', [row('b', { ...Object(rows[0]?.doc), more: null }), row('a', { text: 'uno' })]],
    ['another id', [row('c', rows[0]?.doc), row('a', { text: 'uno' })]],
    ['contents in each other’s place', [row('a', rows[0]?.doc), row('b', { text: 'uno' })]],
    ['a row less', rows.slice(0, 1)],
    ['a row twice', [...rows, row('a', { text: 'uno' })]],
  ])('is another with %s', async (_, other) => {
    expect((await digestOf(other)).sha256).not.toBe((await digestOf(rows)).sha256);
  });

  it('reads rows as they come, and does not take a text for a structure', async () => {
    async function* coming() {
      yield* rows;
    }
    expect(await digestOf(coming())).toEqual(await digestOf(rows));
    expect(canonical('{"a":1}')).not.toBe(canonical({ a: 1 }));
    expect(canonical({ a: undefined, b: [] })).toBe('{"b":[]}');
  });
});
