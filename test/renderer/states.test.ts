import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { en } from '../../src/renderer/i18n/en/index.ts';
import { es } from '../../src/renderer/i18n/es/index.ts';

const root = join(import.meta.dirname, '..', '..');
const table = readFileSync(join(root, 'docs', 'spec', 'states.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`e2e/'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, state = '', key = '', , spec = '']) => ({ state, key, spec }));

/** Undefined for a key that no text stands under. */
const textAt = (catalogue: object, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === part)?.[1] : undefined,
      catalogue,
    );

it.each(table)('the state “$state” has words in both languages and a spec that reaches it', ({ key, spec }) => {
  for (const catalogue of [es, en]) expect(textAt(catalogue, key), key).toEqual(expect.any(String));
  expect(existsSync(join(root, spec)), spec).toBe(true);
});

it('every spec of a state is in the table', () => {
  const named = new Set(table.map(({ spec }) => spec));
  const there = readdirSync(join(root, 'e2e', 'states')).map((name) => `e2e/states/${name}`);
  expect(there.filter((spec) => !named.has(spec))).toEqual([]);
});
