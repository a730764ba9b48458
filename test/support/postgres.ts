import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/db/pool.ts';

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

async function asAdmin(text: string): Promise<void> {
  const admin = openDatabase({ url: inject('postgresUrl'), maxConnections: 1, onIdleError: () => undefined });
  try {
    await admin.pool.query(text);
  } finally {
    await admin.close();
  }
}

async function create(template: string, maxConnections: number): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${name} template ${template}`);
  const url = inject('postgresUrl').replace(/\/postgres$/, `/${name}`);
  const db = openDatabase({ url, maxConnections, onIdleError: () => undefined });
  return {
    db,
    url,
    drop: async () => {
      await db.close();
      await asAdmin(`drop database ${name} with (force)`);
    },
  };
}

/** A fresh, migrated, empty database: a copy of the template, 30 ms or so. */
export const createTestDatabase = (maxConnections = 20): Promise<TestDatabase> =>
  create('chasqui_template', maxConnections);
const EMPTY = `do $$
  declare names text; one record;
  begin
    -- What a failed test left in the middle of a transaction would hold its tables for ever.
    perform pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state like '%in transaction%';
    -- The triggers that keep the log from being emptied are the product's, not this helper's.
    set local session_replication_role = replica;
    select string_agg(format('%I.%I', schemaname, tablename), ', ') into names from pg_tables where schemaname = 'public';
    execute 'truncate ' || names;
    for one in select schemaname, sequencename from pg_sequences where schemaname = 'public' loop
      execute format('alter sequence %I.%I restart', one.schemaname, one.sequencename);
    end loop;
  end $$`;
/** Takes every row away and starts every sequence again: what is left is what `createTestDatabase` gives, connections kept. */
export const emptyDatabase = async (db: Database): Promise<void> => {
  await db.pool.query(EMPTY);
};
/** One without any table, to migrate. */
export const createBareDatabase = (maxConnections = 5): Promise<TestDatabase> => create('template0', maxConnections);

/**
 * Puts a copy of one database in the place of another, file by file, as a restore of the disk would: nobody inside can tell. Whoever
 * is connected to either is thrown out.
 */
export async function replaceDatabase(fromUrl: string, toName: string): Promise<void> {
  const from = databaseName(fromUrl);
  await asAdmin(`drop database if exists ${toName} with (force)`);
  await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`);
  await asAdmin(`create database ${toName} template ${from}`);
}
export const databaseName = (url: string): string => new URL(url).pathname.slice(1);
export const databaseUrl = (name: string): string => inject('postgresUrl').replace(/\/postgres$/, `/${name}`);
export const dropDatabase = (name: string): Promise<void> => asAdmin(`drop database if exists ${name} with (force)`);
