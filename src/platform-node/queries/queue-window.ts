import type { ConsoleResult } from '../../protocol/console/methods.ts';
import type { QueueQuery } from '../../protocol/console/rows.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { both, everything, type Filter, queueFilter, queueOrder } from './queue-filter.ts';
import { queueRows } from './queue-rows.ts';
import { EXACT_FIRST_LIMIT, exactFirst, searchFilter } from './queue-search.ts';

/** Up to so many matches of a text are gathered and sorted; above, the sort's index is walked and filtered. */
const GATHER_LIMIT = 2_000;
/** So few are gathered in any case. */
const GATHER_ALWAYS = 100;
/** Steps along a sort's index that cost as much as fetching one row for sorting it. */
const STEPS_A_ROW = 80;

/** A window of the queue: filtered, sorted, with the total of all windows. */
export function queueWindow(context: QueryContext, query: QueueQuery): ConsoleResult<'queue.window'> {
  const revision = revisionOf(context);
  const search = searchFilter(context, query.text);
  if (search === null && /\S/u.test(query.text)) return { rows: [], total: 0, revision };
  const filter = search === null ? queueFilter(context, query) : both(queueFilter(context, query), search);
  const total = totalOf(context, filter);
  return { rows: queueRows(context, windowRefs(context, query, filter, total)), total, revision };
}

function windowRefs(context: QueryContext, query: QueueQuery, filter: Filter, total: number): number[] {
  const { offset, limit, sort } = query;
  if (offset >= total) return [];
  if (query.text !== '' && total <= EXACT_FIRST_LIMIT) {
    const refs = refsOf(context, windowSql(sort, filter, false), total, 0);
    return exactFirst(context, refs, query.text).slice(offset, offset + limit);
  }
  const rows = Math.min(limit, total - offset);
  const fromEnd = total - offset - rows;
  const needed = Math.min(offset, fromEnd) + rows;
  const walk = query.text === '' ? walksSort(context, total, needed) : total > GATHER_LIMIT;
  if (offset <= fromEnd) return refsOf(context, windowSql(sort, filter, walk), rows, offset);
  // Past the middle the way from the other end is shorter.
  const turned = { ...sort, dir: sort.dir === 'asc' ? ('desc' as const) : ('asc' as const) };
  return refsOf(context, windowSql(turned, filter, walk), rows, fromEnd).reverse();
}

function refsOf(
  context: QueryContext,
  { sql, binds }: ReturnType<typeof windowSql>,
  limit: number,
  offset: number,
): number[] {
  return context
    .statement<{ ref: number }>(sql)
    .all(...binds, limit, offset)
    .map(({ ref }) => ref);
}

/**
 * Whether to walk the sort's index, which carries what filters ask, rather than gather all rows of the filter and sort them.
 * The walk passes as many tickets for each it gives as there are in all for each of the filter.
 */
function walksSort(context: QueryContext, total: number, needed: number): boolean {
  if (total <= GATHER_ALWAYS || total > GATHER_LIMIT) return total > GATHER_LIMIT;
  return total * STEPS_A_ROW > totalOf(context, everything) * (needed / total);
}

/** Statement of one window, then `limit` and `offset` to bind. Exported for the test that reads its plan. */
export function windowSql(
  sort: QueueQuery['sort'],
  filter: Filter,
  walk: boolean,
): { sql: string; binds: Filter['binds'] } {
  const order = queueOrder(sort, walk);
  return {
    sql: `select t.ref from tickets t where ${hinted(filter, walk)} order by ${order} limit ? offset ?`,
    binds: filter.binds,
  };
}

/** The planner counts in a cache that was smaller once: a `+` keeps it from an index that costs too much. */
function hinted({ where, partial }: Filter, walk: boolean): string {
  // Walking a sort's index, it must not pick a filter's index instead and sort all of it.
  if (walk) return where.replaceAll(/\bt\.(?=[a-z_]+ (?:=|in|is) )/gu, '+t.');
  return partial ? where.replaceAll(/\bt\.(?=(?:open|status|kind|tier) (?:=|in) )/gu, '+t.') : where;
}

export function totalOf(context: QueryContext, filter: Filter): number {
  return context.memo.of(`total ${JSON.stringify([filter.where, filter.binds])}`, () => {
    const sql = totalSql(filter, hasTallies(context));
    return context.statement<{ total: number }>(sql).get(...filter.binds)?.total ?? 0;
  });
}

/** Statement of a total. Exported for the test that reads its plan. */
export const totalSql = (filter: Filter, tallies: boolean): string =>
  filter.tallied && tallies
    ? `select coalesce(sum(tickets), 0) as total
        from (select *, iif(assigned, 0, null) as assignee from ticket_tallies) t where ${filter.where}`
    : `select count(*) as total from tickets t where ${hinted(filter, false)}`;

/** False while a first fill loads, and in a cache that was filled before there were tallies. */
const hasTallies = ({ statement, memo }: QueryContext): boolean =>
  memo.of('tallies', () => statement("select 1 from sqlite_schema where name = 'ticket_tallies'").get() !== undefined);
