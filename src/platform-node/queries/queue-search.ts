import type { QueueQuery } from '../../protocol/console/rows.ts';
import { sortKey } from '../ticket-columns.ts';
import type { QueryContext } from './context.ts';
import { both, type Filter, queueFilter, queueOrder, untallied } from './queue-filter.ts';
import { findHits, type Hits } from './queue-hits.ts';
import { totalOf, unhinted } from './queue-totals.ts';
import { matchQuery, wordsIn } from './search-terms.ts';

/** What a search may cost. The defaults are those at which the ways to a window cost the same in a cache of a million tickets. */
export interface SearchLimits {
  /** Matches that are counted and shown: whoever has more adds a word. */
  readonly shown: number;
  /** Matches gathered at first: up to here an exact set costs less than any way around it. */
  readonly gathered: number;
  /** Tickets tested one by one on the way to a window. */
  readonly tested: number;
}
const DEFAULTS: SearchLimits = { shown: 2_000, gathered: 60_000, tested: 1_000 };
/** Matches up to which those with the very accents typed are put first. */
const EXACT_FIRST_LIMIT = 500;

export interface Found {
  readonly refs: readonly number[];
  /** At most `limits.shown`. */
  readonly total: number;
  /** There are more matches than `total`. */
  readonly more: boolean;
}
const NOTHING: Found = { refs: [], total: 0, more: false };

/** A window of what a text finds among the tickets of the query's filters, in full text. */
export function searchWindow(context: QueryContext, query: QueueQuery, limits = DEFAULTS): Found {
  const match = matchQuery(query.text);
  if (match === null) return NOTHING;
  const { shown } = limits;
  const rest = queueFilter(context, query);
  let hits = findHits(context, match, limits.gathered);
  let refs = someRefs(context, rest, hits, shown + 1);
  if (
    !hits.all &&
    (refs.length <= shown || !isQuick(query.text) || passedBefore(context, query, hits) > limits.tested)
  ) {
    hits = findHits(context, match, null);
    refs = someRefs(context, rest, hits, shown + 1);
  }
  const { offset, limit } = query;
  if (refs.length > shown) {
    const wanted = Math.min(limit, shown - offset);
    const found = wanted <= 0 ? [] : walked(context, query, rest, hits.all ? inHits(hits) : matching(match), wanted);
    return { refs: found, total: shown, more: true };
  }
  const ordered = inOrder(context, refs, query.sort);
  const best = refs.length <= EXACT_FIRST_LIMIT ? exactFirst(context, ordered, query.text) : ordered;
  return { refs: best.slice(offset, offset + limit), total: refs.length, more: false };
}

/** The condition that a text adds while a first fill loads: its rows are looked through by what is at hand. */
export function searchUnindexed(text: string): Filter {
  const words = wordsIn(text).map((word) => sortKey(word));
  const where = words.map(
    () => `(instr(t.subject_key, ?) > 0 or instr(t.requester_key, ?) > 0 or cast(t.number_key as text) like ?)`,
  );
  return untallied(
    where.join(' and '),
    words.flatMap((word) => [word, word, `%${word.replaceAll(/[%_]/gu, '')}`]),
  );
}

const inHits = ({ search }: Hits) =>
  untallied('exists (select 1 from temp.hits h where h.search = ? and h.ref = t.ref)', [search]);
/** Asked of one ticket after the other: for a beginning that most have, where the walk is short. */
const matching = (match: string) =>
  untallied('exists (select 1 from ticket_search s where s.rowid = t.ref and s.ticket_search match ?)', [match]);

/** Full text keeps lists for beginnings of two and three letters; anything else it would put together anew for each ticket. */
const isQuick = (text: string): boolean => {
  const [word, second] = wordsIn(text);
  return word !== undefined && second === undefined && /^[\p{L}\p{N}]{2,3}$/u.test(word);
};

/** Up to `most` of the tickets in both, in no order: the smaller of the two is gone through. */
function someRefs(context: QueryContext, rest: Filter, hits: Hits, most: number): number[] {
  const fromHits = rest.where === 'true' || hits.count <= totalOf(context, rest);
  const { sql, binds } = fromHits
    ? {
        sql: `select t.ref from temp.hits h cross join tickets t on t.ref = h.ref where h.search = ? and ${unhinted(rest.where)}`,
        binds: [hits.search, ...rest.binds],
      }
    : (({ where, binds: values }) => ({ sql: `select t.ref from tickets t where ${where}`, binds: values }))(
        both(rest, inHits(hits)),
      );
  return context.memo.of(`refs ${JSON.stringify([sql, binds])}`, () =>
    context
      .statement<{ ref: number }>(`${sql} limit ${most}`)
      .all(...binds)
      .map(({ ref }) => ref),
  );
}

/** Tickets on the way to the end of the window, as densely as the first matches lie: far down, gathering them all costs less. */
function passedBefore(context: QueryContext, { offset, limit }: QueueQuery, hits: Hits): number {
  const { last } = context
    .statement<{ last: number | null }>('select max(ref) as last from temp.hits where search = ?')
    .get(hits.search) ?? { last: null };
  return last === null ? 0 : (offset + limit) * (last / hits.count);
}

/** Along the sort's index, taking what the filters and the text let through. */
function walked(context: QueryContext, query: QueueQuery, rest: Filter, text: Filter, limit: number): number[] {
  const filter = both({ ...rest, where: unhinted(rest.where) }, text);
  const sql = `select t.ref from tickets t where ${filter.where} order by ${queueOrder(query.sort, true)} limit ? offset ?`;
  return context
    .statement<{ ref: number }>(sql)
    .all(...filter.binds, limit, query.offset)
    .map(({ ref }) => ref);
}

function inOrder(context: QueryContext, refs: readonly number[], sort: QueueQuery['sort']): number[] {
  return context
    .statement<{ ref: number }>(
      `select t.ref from json_each(?) j cross join tickets t on t.ref = j.value order by ${queueOrder(sort, false)}`,
    )
    .all(JSON.stringify(refs))
    .map(({ ref }) => ref);
}

/** Those whose text has every word as typed, case aside, before those that match by folding only; order kept otherwise. */
function exactFirst(context: QueryContext, refs: readonly number[], text: string): number[] {
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
