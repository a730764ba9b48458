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
  return { rows: queueRows(context, windowRefs(context, query, filter, total, search !== null)), total, revision };
}

function windowRefs(
  context: QueryContext,
  query: QueueQuery,
  filter: Filter,
  total: number,
  searched: boolean,
): number[] {
  if (query.offset >= total) return [];
  const { sql, binds } = windowSql(query, filter, total, searched);
  if (searched && total <= EXACT_FIRST_LIMIT) {
    const all = context.statement<{ ref: number }>(sql).all(...binds, total, 0);
    const refs = exactFirst(
      context,
      all.map(({ ref }) => ref),
      query.text,
    );
    return refs.slice(query.offset, query.offset + query.limit);
  }
  const rows = context.statement<{ ref: number }>(sql).all(...binds, query.limit, query.offset);
  return rows.map(({ ref }) => ref);
}

/** Statement of one window, then `limit` and `offset` to bind. Exported for the test that reads its plan. */
export function windowSql(
  query: Pick<QueueQuery, 'sort'>,
  filter: Filter,
  total: number,
  searched: boolean,
): { sql: string; binds: Filter['binds'] } {
  const walkSort = !searched && total > GATHER_LIMIT;
  const order = queueOrder(query.sort, walkSort);
  // Walking a sort's index, the planner must not pick a filter's index instead and sort all of it.
  const where = walkSort
    ? filter.where.replaceAll(/\bt\.(open|status|kind|tier|team|site|assignee)\b/gu, '+t.$1')
    : filter.where;
  return { sql: `select t.ref from tickets t where ${where} order by ${order} limit ? offset ?`, binds: filter.binds };
}

export function totalOf(context: QueryContext, filter: Filter): number {
  const key = JSON.stringify([filter.where, filter.binds]);
  let total = context.totals.get(key);
  if (total === undefined) {
    const counted = context.statement<{ total: number }>(
      `select count(*) as total from tickets t where ${filter.where}`,
    );
    total = counted.get(...filter.binds)?.total ?? 0;
    context.totals.set(key, total);
  }
  return total;
}

const both = (a: Filter, b: Filter): Filter => ({
  where: `${a.where} and ${b.where}`,
  binds: [...a.binds, ...b.binds],
});
