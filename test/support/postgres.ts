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
/** One without any table, to migrate. */
export const createBareDatabase = (maxConnections = 5): Promise<TestDatabase> => create('template0', maxConnections);
