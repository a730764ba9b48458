import { describe, expect, it } from 'vitest';
import { share } from '../../src/renderer/client/share.ts';

const row = (id: string, subject: string) => ({
  id,
  subject,
  priority: { level: 'high', reasons: [{ kind: 'matrix' }] },
});

describe('what two answers have in common', () => {
  it('is the same object, whole where they are equal', () => {
    const before = { rows: [row('a', 'uno'), row('b', 'dos')], total: 2 };
    expect(share(before, structuredClone(before))).toBe(before);
  });

  it('is found by id where members moved, and by place where they have none', () => {
    const before = { rows: [row('a', 'uno'), row('b', 'dos')], names: [{ n: 1 }, { n: 2 }] };
    const next = { rows: [row('c', 'tres'), row('a', 'uno'), row('b', 'otra')], names: [{ n: 1 }, { n: 3 }] };
    const shared = share(before, structuredClone(next));
    expect(shared).toEqual(next);
    expect(shared.rows[1]).toBe(before.rows[0]);
    expect(shared.rows[2]?.priority).toBe(before.rows[1]?.priority);
    expect(shared.rows[2]).not.toBe(before.rows[1]);
    expect(shared.names[0]).toBe(before.names[0]);
  });

  it('is not what only looks alike: nulls, lists and objects, missing and other fields', () => {
    for (const [before, next] of [
      [null, {}],
      [[], {}],
      [{}, []],
      [{ a: null }, {}],
      [{}, { a: null }],
      [{ a: 1 }, { b: 1 }],
      [[1, 2], [1]],
      [[{ id: 'a' }], [{ id: 'a' }, { id: 'a' }]],
      [undefined, { a: 1 }],
    ]) {
      expect(share(before, next)).toStrictEqual(next);
      expect(share(before, next)).not.toBe(before);
    }
  });
});
