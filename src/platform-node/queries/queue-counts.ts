import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { queueViews } from '../../protocol/console/rows.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { viewFilter } from './queue-filter.ts';
import { totalOf } from './queue-window.ts';

/** Open tickets of every view, and tickets of any status that somebody else changed unseen. */
export function queueCounts(context: QueryContext): ConsoleResult<'queue.counts'> {
  const open: ConsoleResult<'queue.counts'>['open'] = {};
  for (const view of queueViews) {
    const { where, binds } = viewFilter(context, view);
    open[view] = totalOf(context, { where: `${where} and t.open = 1`, binds });
  }
  return { open, unread: totalOf(context, viewFilter(context, 'changed')), revision: revisionOf(context) };
}
