import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createOutbox } from '../../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../../src/platform-node/outbox-file.ts';
import { outboxLines } from '../../../torture/console/files.ts';
import { flipOutbox } from '../../../torture/run/flip.ts';
import { identity, writeNote } from '../../platform-node/fixtures.ts';

let folder: string;
let dataDir = '';
let path = '';
let runs = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-flip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  runs += 1;
  dataDir = join(folder, String(runs));
  path = join(dataDir, 'console', 'profiles', 'p', 'outbox.db');
  mkdirSync(dirname(path), { recursive: true });
  const opened = openOutboxFile(path, 1);
  if (!opened.ok) throw new Error(opened.error.code);
  const outbox = createOutbox(opened.value.db);
  outbox.setIdentity(identity);
  for (let n = 1; n <= 40; n += 1) writeNote(outbox, `nota ${n}`);
  opened.value.db.close();
});
/** The part of the file where a text stands. */
const placeOf = (text: string) => {
  const bytes = readFileSync(path);
  return (bytes.indexOf(text) + 2) / bytes.length;
};

/** Every place of the file where a text stands. */
function* placesOf(text: string): Generator<number> {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) yield (at + 2) / bytes.length;
}

it('SY1 a bit flipped in the text of a command names that command, and no other', () => {
  const line = outboxLines(dataDir)[19];
  const { flips, hit } = flipOutbox(dataDir, [placeOf('nota 20"')]);
  expect([flips, hit.map(({ id }) => id)]).toEqual([1, [line?.id]]);
  expect(outboxLines(dataDir).filter(({ readable }) => !readable)).toHaveLength(1);
});

it('SY1 a bit flipped where an index or a request names a command hits no row: nothing may be lost by it', () => {
  const line = outboxLines(dataDir)[19];
  const hits = [...placesOf(line?.id ?? '')].map((place) => flipOutbox(dataDir, [place]).hit.map(({ pos }) => pos));
  // In its row: its own column and its content. The rest are indexes and answers.
  expect(hits.filter((hit) => hit.length > 0)).toEqual([[line?.pos], [line?.pos]]);
  expect(hits.length).toBeGreaterThan(2);
});

it('SY1 a byte of a long row is its own on every page that it takes', () => {
  const opened = openOutboxFile(path, 1);
  if (!opened.ok) throw new Error(opened.error.code);
  const long = `nota larga ${'a'.repeat(9_000)}fin`;
  writeNote(createOutbox(opened.value.db), long);
  opened.value.db.close();
  const [last] = outboxLines(dataDir).slice(-1);
  expect(flipOutbox(dataDir, [placeOf('nota larga'), placeOf('aaafin')]).hit.map(({ id }) => id)).toEqual([last?.id]);
});

it('SY1 however many bits are flipped, they hit no more rows than there are of them', () => {
  const places = Array.from({ length: 12 }, (_, n) => (n + 0.5) / 12);
  const { flips, hit } = flipOutbox(dataDir, places);
  expect(flips).toBe(12);
  expect(hit.length).toBeGreaterThan(0);
  expect(hit.length).toBeLessThanOrEqual(12);
});

it('SY1 a bit flipped in the head of the file names nobody: nothing may be lost by it', () => {
  expect(flipOutbox(dataDir, [0.0001])).toEqual({ flips: 1, hit: [] });
});
