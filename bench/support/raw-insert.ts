import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { selectWords } from '../../src/platform-node/cache-indexes.ts';
import { openDatabase } from '../../src/platform-node/sqlite/open-database.ts';

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
  const held = tables.map((table) => ({ table, rows: source.prepare(`select * from "${table.name}"`).raw().all() }));
  const words = source.prepare(selectWords).raw().all();
  source.close();

  const folder = mkdtempSync(join(tmpdir(), 'chasqui-raw-'));
  // The cache's own page size, page cache and durability.
  const target = openDatabase(join(folder, 'raw.db'), { pageSize: 8192, synchronous: 'NORMAL', cacheKiB: 65_536 });
  try {
    for (const { sql } of [...tables, ...virtual]) target.exec(sql);
    const counted = held.filter(({ table }) => ['tickets', 'entries', 'directory'].includes(table.name));
    const rows = counted.reduce((sum, one) => sum + one.rows.length, 0);
    const began = performance.now();
    target.transaction(() => {
      for (const { table, rows: list } of held) {
        const first = list[0];
        if (!Array.isArray(first)) continue;
        const insert = target.prepare(
          `insert or replace into "${table.name}" values (${first.map(() => '?').join(', ')})`,
        );
        for (const row of list) insert.run(row);
      }
    })();
    target.transaction(() => {
      for (const { sql } of rest.filter((one) => one.type === 'index')) target.exec(sql);
      const insert = target.prepare(
        'insert into ticket_search (rowid, codes, subject, requester, notes) values (?, ?, ?, ?, ?)',
      );
      for (const row of words) insert.run(row);
    })();
    const ms = performance.now() - began;
    return { rows, ms, rowsPerSecond: rows / (ms / 1000) };
  } finally {
    target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
