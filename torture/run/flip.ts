import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesIn, type OutboxLine, profileFiles, rootOfCommands } from '../console/files.ts';
import { rowsOf } from './table-rows.ts';

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

/** Of a file that nobody has open: from a copy, for SQLite follows no path into another namespace. */
function inCopy<T>(path: string, read: (copy: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-torture-outbox-'));
  const copy = join(folder, 'outbox.db');
  try {
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
    return read(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * As `flipCache`, and tells whose rows it hit: those can be lost, no others. A row is hit by a byte of its own cell or of its overflow pages, as they
 * stand in the file; so each byte hits one row at most.
 */
export function flipOutbox(dataDir: string, places: readonly number[]): Flipped {
  const files = profileFiles(dataDir);
  if (files === null) return { flips: 0, hit: [] };
  const { lines, root } = inCopy(files.outbox, (copy) => ({ lines: linesIn(copy), root: rootOfCommands(copy) }));
  const before = readFileSync(files.outbox);
  const offsets = flipAt(files.outbox, places);
  const rows = new Set<number>();
  for (const { from, to, rowid } of rowsOf(before, root))
    if (offsets.some((offset) => offset >= from && offset < to)) rows.add(rowid);
  return { flips: offsets.length, hit: lines.filter(({ pos }) => rows.has(pos)) };
}
