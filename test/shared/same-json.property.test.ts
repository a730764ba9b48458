import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameJson } from '../../src/shared/same-json.ts';

/** The same value with the keys of every object in one order. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
};
const textOf = (value: unknown): string => JSON.stringify(ordered(value));
/** Values of few words, so that equal ones and almost equal ones come up. */
const { value: words } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, '', 'a', 'b'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('same JSON', () => {
  it('SY5: two values are the same where their texts are, whatever the order of keys', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(sameJson(a, b)).toBe(textOf(a) === textOf(b));
        expect(sameJson(a, JSON.parse(JSON.stringify(ordered(a))))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
  it('a missing key is not one that holds null', () => {
    expect(sameJson({ a: null }, {})).toBe(false);
    expect(sameJson({ a: null }, { b: null })).toBe(false);
    expect(sameJson([], {})).toBe(false);
    expect(sameJson(null, {})).toBe(false);
  });
});
