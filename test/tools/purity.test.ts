import { describe, expect, test } from 'vitest';
import { impuritiesOf } from '../../tools/purity.ts';

describe('clock, chance and locale are refused in domain and core', () => {
  test.each([
    ['const t = Date.now();', 'Date'],
    ['const t = new Date();', 'Date'],
    ['const t = new Date(0).toISOString();', 'Date'],
    ['const now = { clock: Date };', 'Date'],
    ['const r = Math.random();', 'Math'],
    ['const { random } = Math;', 'Math'],
    ["const r = Math['random']();", 'Math'],
    ['const f = new Intl.NumberFormat();', 'Intl'],
    ['const s = (12).toLocaleString();', '(12).toLocaleString'],
    ["const s = 'A'.toLocaleLowerCase();", "'A'.toLocaleLowerCase"],
    ["const s = 'a'.localeCompare('b');", "'a'.localeCompare"],
    ["const s = 'a'['localeCompare']('b');", "'a'['localeCompare']"],
    ['const d = globalThis;', 'globalThis'],
  ])('%s', (source, text) => {
    expect(impuritiesOf(`\n${source}`)).toContainEqual({ line: 2, text });
  });

  test.each([
    'const a = Math.max(1, 2);',
    'type Row = { Date: string; at: Date };',
    'const row = { Date: 1 }; const d = row.Date;',
    '// Date.now() is banned here',
    "const text = 'Math.random()';",
    "const s = 'A'.toLowerCase();",
  ])('and this is none of them: %s', (source) => {
    expect(impuritiesOf(source)).toEqual([]);
  });
});
