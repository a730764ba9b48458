import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { CACHE_KIB_FILLING } from '../../src/platform-node/cache.ts';
import { CACHE_OPTIONS } from '../../src/platform-node/cache-file.ts';
import { selectWords } from '../../src/platform-node/cache-indexes.ts';
import { openDatabase } from '../../src/platform-node/sqlite/open-database.ts';

/** Rows held in memory at a time; taking them out of the source is not timed. */
const PIECE = 50_000;
type Row = readonly unknown[];
const objectSchema = z.object({ type: z.string(), name: z.string(), tbl_name: z.string(), sql: z.string() });

/**
 * The most that better-sqlite3 could do with what a filled cache holds: every row from memory into a new file of the same
 * tables, in one transaction; then the same indexes, and the full text rebuilt. No network, no parsing, no rules.
 */
export function rawInsertRate(cachePath: string): { rows: number; ms: number; rowsPerSecond: number } {
  const source = new Database(cachePath, { readonly: true });
  const objects = z
    .array(objectSchema)
    .parse(source.prepare('select type, name, tbl_name, sql from sqlite_master where sql is not null').all());
  const shadow = /^(ticket_search_|directory_search_|sqlite_)/u;
  const tables = objects.filter(
    (one) => one.type === 'table' && !shadow.test(one.name) && !one.sql.toLowerCase().startsWith('create virtual'),
  );
  const virtual = objects.filter((one) => one.sql.toLowerCase().startsWith('create virtual'));
  const rest = objects.filter((one) => one.type === 'index' || one.type === 'view' || one.type === 'trigger');

  const folder = mkdtempSync(join(tmpdir(), 'chasqui-raw-'));
  // The cache's own page size, page cache and durability.
  const target = openDatabase(join(folder, 'raw.db'), { ...CACHE_OPTIONS, cacheKiB: CACHE_KIB_FILLING });
  try {
    for (const { sql } of [...tables, ...virtual]) target.exec(sql);
    let rows = 0;
    let ms = 0;
    const run = (work: () => void) => {
      const began = performance.now();
      work();
      ms += performance.now() - began;
    };
    run(() => target.exec('begin'));
    for (const { name } of tables)
      for (const piece of pieces(source.prepare<[], Row>(`select * from "${name}"`).raw().iterate())) {
        const marks = piece[0]?.map(() => '?').join(', ');
        const insert = target.prepare(`insert or replace into "${name}" values (${marks})`);
        if (['tickets', 'entries', 'directory'].includes(name)) rows += piece.length;
        run(() => {
          for (const row of piece) insert.run(row);
        });
      }
    run(() => {
      target.exec('commit');
      target.exec('begin');
      for (const { sql } of rest.filter((one) => one.type === 'index')) target.exec(sql);
    });
    const search = target.prepare(
      'insert into ticket_search (rowid, codes, subject, requester, notes) values (?, ?, ?, ?, ?)',
    );
    for (const piece of pieces(source.prepare<[], Row>(selectWords).raw().iterate()))
      run(() => {
        for (const row of piece) search.run(row);
      });
    run(() => target.exec('commit'));
    return { rows, ms, rowsPerSecond: rows / (ms / 1000) };
  } finally {
    source.close();
    target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function* pieces(rows: Iterable<Row>): Generator<Row[]> {
  let piece: Row[] = [];
  for (const row of rows) {
    piece.push(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
