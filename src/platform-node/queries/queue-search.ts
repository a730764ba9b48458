import { sortKey } from '../ticket-columns.ts';
import { isIndexed, type QueryContext } from './context.ts';
import { type Filter, untallied } from './queue-filter.ts';
import { matchQuery, wordsIn } from './search-terms.ts';

/** Matches up to which those with the very accents typed are put first; above it the person narrows the search. */
export const EXACT_FIRST_LIMIT = 500;

/** The condition that a text adds; null when there is nothing to look for. */
export function searchFilter(context: QueryContext, text: string): Filter | null {
  const match = matchQuery(text);
  if (match === null) return null;
  if (isIndexed(context)) {
    const search = findHits(context, match);
    return untallied('t.ref in (select ref from temp.hits where search = ?)', [search]);
  }
  // A first fill is loading: its rows are looked through by what is at hand.
  const words = wordsIn(text).map((word) => sortKey(word));
  const where = words.map(
    () => `(instr(t.subject_key, ?) > 0 or instr(t.requester_key, ?) > 0 or cast(t.number_key as text) like ?)`,
  );
  return untallied(
    where.join(' and '),
    words.flatMap((word) => [word, word, `%${word.replaceAll(/[%_]/gu, '')}`]),
  );
}

/**
 * Gathers what matches, once, in a table of this connection: the count and every window of the same search read it.
 * Returns the number under which the table holds it.
 */
function findHits({ statement, memo, db }: QueryContext, match: string): number {
  return memo.of(`hits ${match}`, () => {
    const searches = memo.of('searches', () => {
      db.exec(
        'create temp table if not exists hits (search integer, ref integer, primary key (search, ref)) without rowid',
      );
      statement('delete from temp.hits').run();
      return { count: 0 };
    });
    searches.count += 1;
    statement(
      'insert into temp.hits select ?, rowid from ticket_search where ticket_search match ? order by rowid',
    ).run(searches.count, match);
    return searches.count;
  });
}

/** Those whose text has every word as typed, case aside, before those that match by folding only; order kept otherwise. */
export function exactFirst(context: QueryContext, refs: readonly number[], text: string): number[] {
  const words = wordsIn(text).map((word) => word.toLowerCase());
  const texts = context.statement<{ words: string }>(
    `select concat_ws(' ', d.doc ->> '$.number', d.doc ->> '$.provisionalCode', d.doc ->> '$.subject',
        d.doc ->> '$.description', d.doc ->> '$.requester.unlisted.name', p.name,
        (select group_concat(e.doc ->> '$.event.text', ' ') from entries e where e.ticket = t.ref and e.worded = 1)) as words
      from tickets t join ticket_docs d on d.ref = t.ref left join directory p on p.ref = t.requester where t.ref = ?`,
  );
  const exact: number[] = [];
  const folded: number[] = [];
  for (const ref of refs) {
    const lower = (texts.get(ref)?.words ?? '').toLowerCase();
    (words.every((word) => lower.includes(word)) ? exact : folded).push(ref);
  }
  return [...exact, ...folded];
}
