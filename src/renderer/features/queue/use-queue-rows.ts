import { useDeferredValue, useMemo, useRef } from 'react';
import type { ConsoleError } from '../../../protocol/console/client.ts';
import type { QueueQuery, QueueRow } from '../../../protocol/console/rows.ts';
import { useQuery } from '../../client/use-query.ts';

/** Rows pulled at once: the most that the contract gives. */
export const WINDOW = 200;

export type ListQuery = Omit<QueueQuery, 'offset' | 'limit'>;

export interface QueueRows {
  /** Undefined before the first answer ever. */
  readonly total: number | undefined;
  /** A search found more than `total`, which is all that is listed. */
  readonly more: boolean;
  /** Loaded rows, whole windows in order; the first stands at `start` of the list. */
  readonly rows: readonly QueueRow[];
  readonly start: number;
  readonly error: ConsoleError | null;
  /** The rows are still those of the query before. */
  readonly stale: boolean;
  readonly refresh: () => void;
}

const noRows: readonly QueueRow[] = [];

/**
 * The one or two windows of 200 rows that cover what is seen (`first` to `last`). While another window or another query
 * is on its way, what was there stays.
 */
export function useQueueRows(query: ListQuery, first: number, last: number): QueueRows {
  const firstWindow = Math.floor(first / WINDOW);
  const lastWindow = Math.floor(last / WINDOW);
  const a = useQuery('queue.window', { ...query, offset: firstWindow * WINDOW, limit: WINDOW }, ['queue', 'session']);
  const b = useQuery(
    'queue.window',
    lastWindow > firstWindow ? { ...query, offset: lastWindow * WINDOW, limit: WINDOW } : null,
    ['queue', 'session'],
  );
  const kept = useRef<Pick<QueueRows, 'total' | 'more' | 'rows' | 'start'>>({
    total: undefined,
    more: false,
    rows: noRows,
    start: 0,
  });

  const loaded = useMemo(() => {
    if (a.data !== undefined) {
      const second = b.data !== undefined && a.data.rows.length === WINDOW ? b.data.rows : noRows;
      return {
        total: a.data.total,
        more: a.data.more,
        rows: second === noRows ? a.data.rows : [...a.data.rows, ...second],
        start: firstWindow * WINDOW,
      };
    }
    return b.data === undefined
      ? null
      : { total: b.data.total, more: b.data.more, rows: b.data.rows, start: lastWindow * WINDOW };
  }, [a.data, b.data, firstWindow, lastWindow]);
  // Drawn in small steps that keys and clicks come in between: dozens of rows at once would hold the page for longer than a frame.
  const drawn = useDeferredValue(loaded);
  if (drawn !== null) kept.current = drawn;
  const stale = loaded === null || drawn !== loaded;
  return { ...kept.current, error: a.error ?? b.error, stale, refresh: a.refresh };
}
