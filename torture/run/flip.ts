import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesIn, type OutboxLine, profileFiles } from '../console/files.ts';

/** Bytes around the text of a command that belong to its row: head of the record and columns before it; columns after it. */
const BEFORE = 200;
const AFTER = 300;

export interface Flipped {
  readonly flips: number;
  /** Commands in whose rows a byte was flipped. */
  readonly hit: readonly OutboxLine[];
}

/** Flips one bit at each of the places (parts of the file, 0 to 1) of a file that nobody has open. @returns the offsets */
function flipAt(path: string, places: readonly number[]): number[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  if (bytes.length === 0) return [];
  const offsets = places.map((place) => Math.floor(place * bytes.length));
  // In its place, byte by byte: the disk may be full, and nothing else of the file is touched.
  const file = openSync(path, 'r+');
  try {
    for (const offset of offsets) {
      const flipped = (bytes[offset] ?? 0) ^ (1 << (offset % 8));
      bytes[offset] = flipped;
      writeSync(file, Buffer.of(flipped), 0, 1, offset);
    }
  } finally {
    closeSync(file);
  }
  return offsets;
}

export function flipCache(dataDir: string, places: readonly number[]): Flipped {
  const files = profileFiles(dataDir);
  if (files === null) return { flips: 0, hit: [] };
  // The file and its log by turns.
  const flips = places.map((place, n) => flipAt(n % 4 === 3 ? `${files.cache}-wal` : files.cache, [place]).length);
  return { flips: flips.reduce((sum, n) => sum + n, 0), hit: [] };
}

/** Every stretch of the file that holds the row of a command, or an older copy of it. */
function* stretches(bytes: Buffer, line: OutboxLine): Generator<readonly [number, number]> {
  for (const text of [line.wire, line.id]) {
    const needle = Buffer.from(text);
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1))
      yield [at - BEFORE, at + needle.length + (line.outcome?.length ?? 0) + AFTER];
  }
}

/** Of a file that nobody has open: from a copy, for SQLite follows no path into another namespace. */
function linesOf(path: string): OutboxLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-torture-outbox-'));
  const copy = join(folder, 'outbox.db');
  try {
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
    return linesIn(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As `flipCache`, and tells whose rows it hit: those can be lost, no others. */
export function flipOutbox(dataDir: string, places: readonly number[]): Flipped {
  const files = profileFiles(dataDir);
  if (files === null) return { flips: 0, hit: [] };
  const lines = linesOf(files.outbox);
  const before = readFileSync(files.outbox);
  const offsets = flipAt(files.outbox, places);
  const hit = lines.filter((line) =>
    [...stretches(before, line)].some(([from, to]) => offsets.some((offset) => offset >= from && offset <= to)),
  );
  return { flips: offsets.length, hit };
}
