import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { timelineEntrySchema } from '../../src/domain/events.ts';
import { ticketSchema } from '../../src/domain/ticket.ts';
import { readEntry, readTicket } from '../../src/platform-node/store-client/compiled-rows.ts';

const SAMPLES: Readonly<Record<string, string>> = {
  '0123456789abcdef': 'f'.repeat(64),
  uuid: '01234567-89ab-7cde-8f01-23456789abcd',
  mediaType: 'image/jpeg',
  base64: 'AAAA',
};
const texts = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(...Object.values(SAMPLES), 'Ñandú', 'e\u0301', '\u0000'),
);
const junk = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    true,
    '',
    0,
    -1,
    1.5,
    2 ** 53,
    -8.65e15,
    Number.NaN,
    [],
    {},
    'registered',
    'offered',
  ),
  texts,
  fc.jsonValue({ maxDepth: 1 }),
);

/** Values that a schema mostly takes, of every kind that it names: whatever the domain learns is drawn here too. */
function valuesOf(schema: z.core.$ZodType, depth = 0): fc.Arbitrary<unknown> {
  if (depth > 8) return fc.constant(null);
  const inner = (one: z.core.$ZodType) => valuesOf(one, depth + 1);
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.core.$ZodType> = schema.shape;
    const optional = Object.keys(shape).filter((key) => shape[key] instanceof z.ZodOptional);
    const fields = Object.fromEntries(Object.entries(shape).map(([key, one]) => [key, inner(one)]));
    return fc.record(fields, { requiredKeys: Object.keys(shape).filter((key) => !optional.includes(key)) });
  }
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((one) => inner(one)));
  if (schema instanceof z.ZodNullable) return fc.option(inner(schema.def.innerType));
  if (schema instanceof z.ZodOptional) return inner(schema.def.innerType);
  if (schema instanceof z.ZodArray) return fc.array(inner(schema.element), { maxLength: 2 });
  if (schema instanceof z.ZodRecord) return fc.dictionary(texts, inner(schema.valueType), { maxKeys: 2 });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return fc.integer({ min: 1, max: 400 });
  if (schema instanceof z.ZodString) {
    const fits = Object.values(SAMPLES).filter((text) => schema.safeParse(text).success);
    return fits.length === Object.keys(SAMPLES).length ? texts : fc.constantFrom(...fits);
  }
  return fc.jsonValue({ maxDepth: 1 });
}

/** The value with something in it put another way: a part replaced, left out, or a key added. */
const spoilt = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(values, fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }), junk).map(([value, path, other]) => {
    const whole: unknown = structuredClone(value);
    let at = whole;
    for (const [depth, step] of path.entries()) {
      if (typeof at !== 'object' || at === null) break;
      const keys = [...Object.keys(at), 'more'];
      const key = keys[step % keys.length] ?? 'more';
      const next: unknown = Reflect.get(at, key);
      if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
        if (other === undefined) Reflect.deleteProperty(at, key);
        else Reflect.set(at, key, other);
        break;
      }
      at = next;
    }
    return whole;
  });

describe('rows of a fill are checked by a compiled form of their schema', () => {
  for (const [name, schema, read] of [
    ['ticket', ticketSchema, readTicket],
    ['entry', timelineEntrySchema, readEntry],
  ] as const) {
    const rows = valuesOf(schema);
    const same = (value: unknown) => {
      const said = schema.safeParse(value);
      expect(read(value)).toEqual(said.success ? said.data : null);
      return said.success;
    };
    test(`SY4 a ${name} is taken, and read, as by the schema itself`, () => {
      let taken = 0;
      fc.assert(
        fc.property(rows, (value) => {
          if (same(value)) taken++;
        }),
        { numRuns: 600 },
      );
      expect(taken).toBeGreaterThan(400);
    });
    test(`SY4 a spoilt ${name} is refused, or read, as by the schema itself`, () => {
      let refused = 0;
      fc.assert(
        fc.property(spoilt(rows), (value) => {
          if (!same(value)) refused++;
        }),
        { numRuns: 1_200 },
      );
      expect(refused).toBeGreaterThan(200);
    });
  }
});
