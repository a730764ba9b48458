import type { ConsoleResult } from '../../protocol/console/methods.ts';
import type { QueueQuery } from '../../protocol/console/rows.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { type Filter, queueFilter, queueOrder } from './queue-filter.ts';
import { queueRows } from './queue-rows.ts';
import { EXACT_FIRST_LIMIT, exactFirst, searchFilter } from './queue-search.ts';

/** Up to so many rows are gathered by the filter's index and sorted; above, the sort's index is walked and filtered. */
const GATHER_LIMIT = 2_000;

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
    return exactFirst(context, refsOf(context, filter, sort, total, total, 0), query.text).slice(
      offset,
      offset + limit,
    );
  }
  const rows = Math.min(limit, total - offset);
  if (offset + rows <= total / 2) return refsOf(context, filter, sort, total, rows, offset);
  // Past the middle the way from the other end is shorter.
  const turned = { ...sort, dir: sort.dir === 'asc' ? ('desc' as const) : ('asc' as const) };
  return refsOf(context, filter, turned, total, rows, total - offset - rows).reverse();
}

function refsOf(
  context: QueryContext,
  filter: Filter,
  sort: QueueQuery['sort'],
  total: number,
  limit: number,
  offset: number,
): number[] {
  const { sql, binds } = windowSql(sort, filter, total);
  return context
    .statement<{ ref: number }>(sql)
    .all(...binds, limit, offset)
    .map(({ ref }) => ref);
}

/** Statement of one window, then `limit` and `offset` to bind. Exported for the test that reads its plan. */
export function windowSql(
  sort: QueueQuery['sort'],
  filter: Filter,
  total: number,
): { sql: string; binds: Filter['binds'] } {
  const walkSort = total > GATHER_LIMIT;
  const order = queueOrder(sort, walkSort);
  // Walking a sort's index, the planner must not pick a filter's index instead and sort all of it.
  const where = walkSort ? filter.where.replaceAll(/\bt\.(?=[a-z_]+ (?:=|in|is) )/gu, '+t.') : filter.where;
  return { sql: `select t.ref from tickets t where ${where} order by ${order} limit ? offset ?`, binds: filter.binds };
}

export function totalOf(context: QueryContext, filter: Filter): number {
  return context.memo.of(`total ${JSON.stringify([filter.where, filter.binds])}`, () => {
    const counted = context.statement<{ total: number }>(
      `select count(*) as total from tickets t where ${filter.where}`,
    );
    return counted.get(...filter.binds)?.total ?? 0;
  });
}

const both = (a: Filter, b: Filter): Filter => ({
  where: `${a.where} and ${b.where}`,
  binds: [...a.binds, ...b.binds],
});
