import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { queueViews } from '../../protocol/console/rows.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { viewFilter } from './queue-filter.ts';
import { totalOf } from './queue-window.ts';

/** Open tickets of every view, in one pass over the open ones; and tickets of any status that others changed unseen. */
export function queueCounts(context: QueryContext): ConsoleResult<'queue.counts'> {
  const changed = viewFilter(context, 'changed');
  const openAndChanged = { where: `${changed.where} and t.open = 1`, binds: changed.binds };
  return {
    open: { ...openByView(context), changed: totalOf(context, openAndChanged) },
    unread: totalOf(context, changed),
    revision: revisionOf(context),
  };
}

function openByView(context: QueryContext): ConsoleResult<'queue.counts'>['open'] {
  return context.memo.of('open by view', () => {
    const filters = queueViews
      .filter((view) => view !== 'changed')
      .map((view) => ({ view, ...viewFilter(context, view) }));
    const sums = filters.map(({ view, where }) => `coalesce(sum(${where}), 0) as "${view}"`);
    const row = context
      .statement<Record<string, number>>(`select ${sums.join(', ')} from tickets t where t.open = 1`)
      .get(...filters.flatMap(({ binds }) => binds));
    return Object.fromEntries(filters.map(({ view }) => [view, row?.[view] ?? 0]));
  });
}
