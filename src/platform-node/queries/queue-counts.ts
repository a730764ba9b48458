import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { queueViews } from '../../protocol/console/rows.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { both, openTickets, viewFilter } from './queue-filter.ts';
import { totalOf } from './queue-totals.ts';

/** Open tickets of every view, and tickets of any status that others changed unseen. */
export function queueCounts(context: QueryContext): ConsoleResult<'queue.counts'> {
  const open = queueViews.map((view) => [view, totalOf(context, both(viewFilter(context, view), openTickets))]);
  return {
    open: Object.fromEntries(open),
    unread: totalOf(context, viewFilter(context, 'changed')),
    revision: revisionOf(context),
  };
}
