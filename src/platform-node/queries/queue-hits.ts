import type { QueryContext } from './context.ts';

/** Rows kept for all searches of this connection together. */
const KEPT_MOST = 1_000_000;

/** Matches of a text, in `temp.hits` under the number `search`. */
export interface Hits {
  readonly search: number;
  readonly count: number;
  /** False: the first of more. */
  readonly all: boolean;
}

/**
 * Gathers what matches, once, in a table of this connection: every window of the same search reads it.
 *
 * @param most how many are gathered; null: every one.
 */
export function findHits({ statement, memo, db }: QueryContext, match: string, most: number | null): Hits {
  const key = `hits ${most ?? 'all'} ${match}`;
  const shelf = () =>
    memo.of('searches', () => {
      db.exec(
        'create temp table if not exists hits (search integer, ref integer, primary key (search, ref)) without rowid',
      );
      statement('delete from temp.hits').run();
      return { searches: 0, rows: 0 };
    });
  if (shelf().rows > KEPT_MOST) memo.clear();
  return memo.of(key, () => {
    const kept = shelf();
    kept.searches += 1;
    const { changes } = statement(
      'insert into temp.hits select ?, rowid from ticket_search where ticket_search match ? order by rowid limit ?',
    ).run(kept.searches, match, most === null ? -1 : most + 1);
    kept.rows += changes;
    return { search: kept.searches, count: changes, all: most === null || changes <= most };
  });
}
