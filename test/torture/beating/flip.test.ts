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

it('SY1 a bit flipped in the text of a command names that command, and few besides', () => {
  const line = outboxLines(dataDir)[19];
  const { flips, hit } = flipOutbox(dataDir, [placeOf('nota 20"')]);
  expect(flips).toBe(1);
  expect(hit.map(({ id }) => id)).toContain(line?.id);
  expect(hit.length).toBeLessThan(8);
  expect(outboxLines(dataDir).filter(({ readable }) => !readable)).toHaveLength(1);
});

it('SY1 a bit flipped in the head of the file names nobody: nothing may be lost by it', () => {
  expect(flipOutbox(dataDir, [0.0001])).toEqual({ flips: 1, hit: [] });
});
