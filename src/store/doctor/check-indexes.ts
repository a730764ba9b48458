import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import * as schemaOfAccounts from '../db/schema/accounts.ts';
import * as schemaOfBlobs from '../db/schema/blobs.ts';
import * as schemaOfDesk from '../db/schema/desk.ts';
import * as schemaOfTickets from '../db/schema/tickets.ts';
import { bad, type Check, type Finding, good } from './finding.ts';
import { askImportantQuestions } from './important-questions.ts';

/** A table below this is read whole as fast as by an index. */
const BIG_ROWS = 10_000;

/** Names of the indexes that the schema of this program declares, those of primary keys and unique constraints with them. */
function declaredIndexes(): string[] {
  const tables = [schemaOfDesk, schemaOfTickets, schemaOfAccounts, schemaOfBlobs].flatMap((module) =>
    Object.values(module).filter((one) => is(one, PgTable)),
  );
  return tables.flatMap((table) => {
    const { name, indexes, primaryKeys, uniqueConstraints, columns } = getTableConfig(table);
    return [
      ...indexes.flatMap(({ config }) => config.name ?? []),
      ...[...primaryKeys, ...uniqueConstraints].flatMap((constraint) => constraint.getName() ?? []),
      // PostgreSQL names the key of one column by its table alone.
      ...columns.flatMap((column) => [
        ...(column.primary ? [`${name}_pkey`] : []),
        ...(column.isUnique && column.uniqueName !== undefined ? [column.uniqueName] : []),
      ]),
    ];
  });
}

/** Whether every index is there and whole, and the questions of every minute use them. */
export const checkIndexes: Check = async (examined) => {
  const { client } = examined;
  const { rows } = await client.query<{ name: string; whole: boolean }>(
    `select c.relname as name, i.indisvalid and i.indisready as whole from pg_index i
       join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'`,
  );
  const there = new Set(rows.map(({ name }) => name));
  const found: Finding[] = [];
  for (const name of declaredIndexes().filter((one) => !there.has(one)))
    found.push(bad('fault', 'indexes', `the index ${name} is missing`, 'Make it again as the migrations have it.'));
  for (const { name } of rows.filter(({ whole }) => !whole))
    found.push(bad('fault', 'indexes', `the index ${name} is not whole`, `REINDEX INDEX CONCURRENTLY ${name};`));

  const { rows: tables } = await client.query<{ name: string; rows: number; analysed: boolean }>(
    `select s.relname as name, greatest(c.reltuples, s.n_live_tup)::float as rows, c.reltuples >= 0 as analysed
     from pg_stat_user_tables s join pg_class c on c.oid = s.relid where s.schemaname = 'public'`,
  );
  const big = new Map(tables.filter((table) => table.rows >= BIG_ROWS).map((table) => [table.name, table]));
  const stale = [...big.values()].filter(({ analysed }) => !analysed).map(({ name }) => name);
  if (stale.length > 0)
    found.push(
      bad(
        'warning',
        'indexes',
        `nothing is known of the content of ${stale.join(', ')}: questions may be planned badly`,
        'Run ANALYZE; after a restore it does not come by itself at once.',
      ),
    );
  for (const { question, table } of await askImportantQuestions(examined))
    if (big.has(table))
      found.push(
        bad(
          'warning',
          'indexes',
          `${question}: the whole table ${table} is read (${Math.round(big.get(table)?.rows ?? 0)} rows)`,
          'Run ANALYZE. If it stays so, send this report to support: a push or a pull will be slow.',
        ),
      );
  if (found.length > 0) return found;
  const why =
    big.size === 0 ? '; no table is large enough to tell by their use' : ', and the questions of every minute use them';
  return [
    good('indexes', `all ${rows.length} are there and whole${why}`, { indexes: rows.length, bigTables: big.size }),
  ];
};
