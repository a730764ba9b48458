import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { ClientBase } from 'pg';
import { err, ok, type Result } from '../../shared/result.ts';
import { appliedMigrations } from './read-schema.ts';

type Queryable = Pick<ClientBase, 'query'>;
interface Step {
  readonly hash: string;
  readonly at: number;
  readonly statements: readonly string[];
}
export type SchemaMismatch =
  /** Made by a newer program, or by one that this one does not know. */
  | { readonly code: 'newerSchema' }
  /** Made before migrations that the database has gone through already: only an empty one can start there. */
  | { readonly code: 'olderSchema' };

const folder = fileURLToPath(new URL('../db/migrations', import.meta.url));

const ourSteps = (): Step[] =>
  readMigrationFiles({ migrationsFolder: folder }).map(({ hash, folderMillis, sql }) => ({
    hash,
    at: folderMillis,
    statements: sql,
  }));

/** The same as the migrator does, but inside the caller's transaction and not beyond what the caller names. */
async function runSteps(db: Queryable, steps: readonly Step[]): Promise<void> {
  await db.query('create schema if not exists drizzle');
  await db.query(
    'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  for (const { hash, at, statements } of steps) {
    for (const statement of statements) await db.query(statement);
    await db.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [hash, at]);
  }
}

/**
 * Brings the database to the schema that rows of these migrations fit, and gives what is left to run once they are in.
 * Call it in a transaction.
 */
export async function prepareSchema(
  db: Queryable,
  migrations: readonly string[],
): Promise<Result<{ finish(): Promise<void> }, SchemaMismatch>> {
  const steps = ourSteps();
  const known = new Set(steps.map((step) => step.hash));
  if (migrations.some((hash) => !known.has(hash))) return err({ code: 'newerSchema' });
  const wanted = new Set(migrations);
  const applied = await appliedMigrations(db);
  if (applied.some((hash) => !wanted.has(hash))) {
    return err({ code: applied.some((hash) => !known.has(hash)) ? 'newerSchema' : 'olderSchema' });
  }
  const before = new Set(applied);
  await runSteps(
    db,
    steps.filter((step) => wanted.has(step.hash) && !before.has(step.hash)),
  );
  return ok({
    finish: () =>
      runSteps(
        db,
        steps.filter((step) => !wanted.has(step.hash)),
      ),
  });
}
