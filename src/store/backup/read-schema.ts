import type { ClientBase } from 'pg';
import type { BackupHeader } from './file-format.ts';

type Queryable = Pick<ClientBase, 'query'>;

/** Hashes of the migrations that a database went through, oldest first; empty for one without our tables. */
export async function appliedMigrations(db: Queryable): Promise<readonly string[]> {
  const { rows: found } = await db.query<{ there: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await db.query<{ hash: string }>('select hash from drizzle.__drizzle_migrations order by id');
  return rows.map(({ hash }) => hash);
}

/** Every table with its columns, desks first: whatever references another references these. */
export async function readTables(db: Queryable): Promise<Omit<BackupHeader['tables'][number], 'rows'>[]> {
  const { rows } = await db.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = 'public' and c.relkind = 'r' group by c.relname order by c.relname <> 'desks', c.relname`,
  );
  return rows;
}

export async function readSequences(db: Queryable): Promise<BackupHeader['sequences']> {
  const { rows } = await db.query<{ name: string; last: string | number | null }>(
    `select sequencename as name, last_value as last from pg_sequences where schemaname = 'public' order by 1`,
  );
  return rows.flatMap(({ name, last }) => (last === null ? [] : [{ name, last: Number(last) }]));
}

/** A name as it stands in the catalogue, for use in SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const columnList = (columns: readonly string[]): string => columns.map(quoted).join(', ');
