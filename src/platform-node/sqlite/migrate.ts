import type { Database } from 'better-sqlite3';
import { err, ok, type Result } from '../../shared/result.ts';

/**
 * One numbered step of hand-written SQL. The text sits in a TypeScript module, so that a bundled host carries it.
 * A step that has shipped is never edited: the next one mends it.
 */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
export type MigrateFailure = { readonly code: 'cacheTooNew' };

/**
 * Brings a file to the newest schema, one transaction a step. A file written by a newer app is refused and left as it
 * is (threat 25).
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[],
): Result<{ readonly from: number }, MigrateFailure> {
  const from = Number(db.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (from > newest) return err({ code: 'cacheTooNew' });
  for (const { version, sql } of migrations) {
    if (version <= from) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  return ok({ from });
}
