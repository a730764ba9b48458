import Database from 'better-sqlite3';
import type { Migration } from './migrate.ts';

/** In front of a witness: «CH», so that no other program's number is taken for one. */
const MAGIC = 0x4348;
const MOST = 255;

/**
 * The version of a file's tables said a second time, in the other free field of its header (`application_id`), with its own complement: one
 * flipped bit of either field shows. Every app from the third outbox and the second cache on writes both.
 */
export function witnessOf(version: number): number {
  if (version > MOST) throw new RangeError('a witness holds versions up to 255');
  return MAGIC * 0x1_0000 + version * 0x100 + (MOST - version);
}

/** Null: no app wrote one, or it is not whole. */
function witnessIn(db: Database.Database): number | null {
  const stored = Number(db.pragma('application_id', { simple: true }));
  const version = (stored >> 8) & 0xff;
  return stored === witnessOf(version) ? version : null;
}

/** What a file says of its tables, and what is known of that. */
export type FileVersion =
  | { readonly kind: 'known' | 'newer'; readonly version: number; readonly witnessed: boolean }
  /** Header and tables are of different versions: no app leaves a file so. */
  | { readonly kind: 'damaged' };

/**
 * Which version of the tables a file has, by the number in its header, its witness and, where there is none, the tables themselves. A number
 * that nothing else vouches for is never a newer app's: `newer` is a file whose witness says so, or whose tables this app does not know either.
 */
export function fileVersion(db: Database.Database, migrations: readonly Migration[]): FileVersion {
  const version = Number(db.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  const witness = witnessIn(db);
  if (witness !== null && witness > newest) return { kind: 'newer', version: witness, witnessed: true };
  if (witness !== null) return witness === version ? { kind: 'known', version, witnessed: true } : { kind: 'damaged' };
  const made = versionOfTables(db, migrations);
  if (made !== null && made !== version) return { kind: 'damaged' };
  return { kind: version > newest ? 'newer' : 'known', version, witnessed: false };
}

/** The version whose tables, indexes and triggers are exactly those of this file; null: none of this app's. */
function versionOfTables(db: Database.Database, migrations: readonly Migration[]): number | null {
  const wanted = tablesOf(db);
  const made = new Database(':memory:');
  try {
    if (tablesOf(made) === wanted) return 0;
    for (const { version, sql } of migrations) {
      made.exec(sql);
      if (tablesOf(made) === wanted) return version;
    }
    return null;
  } finally {
    made.close();
  }
}

/** What the planner counted is of no version. */
const tablesOf = (db: Database.Database): string =>
  JSON.stringify(
    db
      .prepare(`select type, name, tbl_name, sql from sqlite_schema where name not like 'sqlite\\_stat%' escape '\\'
        order by type, name`)
      .all(),
  );
