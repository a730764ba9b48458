import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { differences, keptShapes } from './wire/kept.ts';
import { shapeOf, wireGroups } from './wire/shapes.ts';

const HOW = 'node launcher/run.js test/protocol/wire/keep.ts';

describe('SY16 what travels changes only with its version', () => {
  test.each(wireGroups())('$name version $version', ({ name, version, constant, meaning, shapes }) => {
    const kept = keptShapes(name, version);
    const differing = kept === null ? [] : differences(kept, shapes);
    const advice =
      kept === null
        ? `No shapes are kept for ${name} version ${version}. Keep them: ${HOW}`
        : `Shapes of ${name} changed while their version stayed ${version}: ${differing.join(', ')}.\n` +
          `Raise ${constant} (${meaning}), then keep the new shapes: ${HOW}\n` +
          `If no program out there speaks version ${version} yet: ${HOW} --replace`;
    expect(kept, advice).not.toBeNull();
    expect(differing, advice).toEqual([]);
  });

  test.each(wireGroups())(
    'every older version of $name is still known, so that what it was can be asked',
    ({ name, version }) => {
      const missing = Array.from({ length: version }, (_, at) => at + 1).filter(
        (each) => keptShapes(name, each) === null,
      );
      expect(missing).toEqual([]);
    },
  );

  test('a field, an enum value, a limit and an optional mark each change a shape; order of keys does not', () => {
    const base = { a: z.string().max(5), b: z.enum(['x', 'y']) };
    const same = shapeOf(z.object({ b: base.b, a: base.a }));
    expect(shapeOf(z.object(base))).toBe(same);
    for (const other of [
      { ...base, c: z.int() },
      { ...base, b: z.enum(['x', 'y', 'z']) },
      { ...base, a: z.string().max(6) },
      { ...base, a: base.a.optional() },
      { ...base, a: base.a.nullable() },
    ])
      expect(shapeOf(z.object(other))).not.toBe(same);
    expect(shapeOf(z.strictObject(base))).not.toBe(same);
    expect(differences({ a: '1', b: '2' }, { a: '1', b: '3', c: '4' })).toEqual(['≠ b', '+ c']);
  });
});
