import type { ConsoleResult } from '../../protocol/console/methods.ts';
import type { QueueQuery } from '../../protocol/console/rows.ts';
import { isIndexed, type QueryContext, revisionOf } from './context.ts';
import { both, everything, type Filter, queueFilter, queueOrder } from './queue-filter.ts';
import { queueRows } from './queue-rows.ts';
import { searchUnindexed, searchWindow } from './queue-search.ts';
import { hinted, totalOf, unhinted } from './queue-totals.ts';
import { matchQuery } from './search-terms.ts';

/** Up to so many tickets of a filter are gathered and sorted; above, the sort's index is walked and filtered. */
const GATHER_LIMIT = 2_000;
/** So few are gathered in any case. */
const GATHER_ALWAYS = 100;
/** Steps along a sort's index that cost as much as fetching one row for sorting it. */
const STEPS_A_ROW = 80;

/** A window of the queue: filtered, sorted, with the total of all windows. */
export function queueWindow(context: QueryContext, query: QueueQuery): ConsoleResult<'queue.window'> {
  const revision = revisionOf(context);
  if (/\S/u.test(query.text)) {
    if (matchQuery(query.text) === null) return { rows: [], total: 0, more: false, revision };
    if (isIndexed(context)) {
      const { refs, total, more } = searchWindow(context, query);
      return { rows: queueRows(context, refs), total, more, revision };
    }
  }
  const filter = queueFilter(context, query);
  const asked = /\S/u.test(query.text) ? both(filter, searchUnindexed(query.text)) : filter;
  const total = totalOf(context, asked);
  return { rows: queueRows(context, windowRefs(context, query, asked, total)), total, more: false, revision };
}

function windowRefs(context: QueryContext, query: QueueQuery, filter: Filter, total: number): number[] {
  const { offset, limit, sort } = query;
  if (offset >= total) return [];
  const rows = Math.min(limit, total - offset);
  const fromEnd = total - offset - rows;
  const walk = walksSort(context, total, Math.min(offset, fromEnd) + rows);
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
  // Walking a sort's index, the planner must not pick a filter's index instead and sort all of it.
  const where = walk ? unhinted(filter.where) : hinted(filter);
  return { sql: `select t.ref from tickets t where ${where} order by ${order} limit ? offset ?`, binds: filter.binds };
}
