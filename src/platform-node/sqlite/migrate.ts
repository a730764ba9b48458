import type { Database } from 'better-sqlite3';
import { err, ok, type Result } from '../../shared/result.ts';
import { fileVersion, witnessOf } from './file-version.ts';

/**
 * One numbered step of hand-written SQL. The text sits in a TypeScript module, so that a bundled host carries it.
 * A step that has shipped is never edited: the next one mends it.
 */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
/** `corrupt`: its header says another version than its tables are of. */
export type MigrateFailure = { readonly code: 'cacheTooNew' } | { readonly code: 'corrupt' };

/**
 * Brings a file to the newest schema, one transaction a step. A file written by a newer app is refused and left as it is (threat 25); so is one
 * whose header was damaged, under another code.
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[],
): Result<{ readonly from: number }, MigrateFailure> {
  const found = fileVersion(db, migrations);
  if (found.kind !== 'known') return err({ code: found.kind === 'newer' ? 'cacheTooNew' : 'corrupt' });
  const { version: from, witnessed } = found;
  for (const { version, sql } of migrations) {
    if (version <= from) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
      db.pragma(`application_id = ${witnessOf(version)}`);
    }).immediate();
  }
  if (!witnessed && from === migrations.at(-1)?.version) db.pragma(`application_id = ${witnessOf(from)}`);
  return ok({ from });
}
