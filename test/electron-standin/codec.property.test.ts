import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCodec } from './page/codec.ts';

const codec = createCodec();
const cloned = (value: unknown): unknown => codec.decode(codec.encode(value));

test('whatever structured clone carries comes out as structured clone would give it', () => {
  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: false,
    withNullPrototype: false,
    maxDepth: 4,
  });
  fc.assert(
    fc.property(values, (value) => {
      expect(cloned(value)).toEqual(structuredClone(value));
    }),
    { numRuns: 500 },
  );
});

test('one object met twice stays one, and a circle closes', () => {
  const shared = { n: 1 };
  const circle: { [key: string]: unknown } = { one: shared, two: shared, none: undefined };
  circle['self'] = circle;
  const copy = cloned(circle) as typeof circle;
  expect(copy['one']).toBe(copy['two']);
  expect(copy['self']).toBe(copy);
  expect(Object.hasOwn(copy, 'none')).toBe(true);
});

test('a key named __proto__ stays a key', () => {
  const copy = cloned(JSON.parse('{"__proto__":{"admin":true}}')) as object;
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(Object.hasOwn(copy, '__proto__')).toBe(true);
});

test('functions, symbols and promises are refused as in a clone', () => {
  for (const value of [() => {}, Symbol('s'), Promise.resolve(1), { deep: [() => {}] }]) {
    expect(() => codec.encode(value)).toThrow(DOMException);
  }
});
