import { type SortingState, useTable } from '@tanstack/react-table';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  type ReactNode,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { usePreferences } from '../../client/use-preferences.ts';
import { Skeleton } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { type QueueSort, viewActs } from '../../state/view-store.ts';
import { queueColumns, queueFeatures, sortOfColumn } from './columns.tsx';
import { TicketRow } from './ticket-row.tsx';
import { useListCursor } from './use-list-cursor.ts';
import { type ListQuery, useQueueRows } from './use-queue-rows.ts';

const ROW_HEIGHTS = { comfortable: 46, compact: 40 } as const;
const noRows: QueueRow[] = [];
/** Rows drawn beyond each edge of what is seen. */
const OVERSCAN = 8;

/** As many rows as are in sight, from the first on; those beyond the edge follow once they stand. */
const fromTheTop = (range: Range) => {
  const endIndex = Math.min(range.endIndex - range.startIndex, range.count - 1);
  return defaultRangeExtractor({ ...range, startIndex: 0, endIndex, overscan: 0 });
};

interface TicketTableProps {
  readonly query: ListQuery;
  readonly onSort: (sort: QueueSort) => void;
  readonly label: string;
  /** What stands there when the query has no rows, or failed before it ever had any. */
  readonly whenEmpty: ReactNode;
  readonly whenFailed: (retry: () => void) => ReactNode;
  readonly onTotal?: (total: number | undefined, more: boolean) => void;
  /** Stands after the last row. */
  readonly after?: ReactNode;
}

/** A list of any length: only the rows in sight exist, and only the windows around them are pulled. */
export function TicketTable({ query, onSort, label, whenEmpty, whenFailed, onTotal, after }: TicketTableProps) {
  const density = usePreferences().preferences?.density ?? 'comfortable';
  const rowHeight = ROW_HEIGHTS[density];
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const queryKey = JSON.stringify(query);
  const [placedKey, setPlacedKey] = useState(queryKey);
  /** The query whose list was sent to its top; placed once the list says that it stands elsewhere. */
  const goingTo = useRef<string | null>(null);
  // Another query begins at its top, wherever the list of the one before stands until its rows are there.
  const placed = placedKey === queryKey;
  const { total, more, rows, start, error, stale, refresh } = useQueueRows(
    query,
    placed ? range.first : 0,
    placed ? range.last : range.last - range.first,
  );

  const sorting = useMemo<SortingState>(() => {
    const column = Object.entries(sortOfColumn).find(([, by]) => by === query.sort.by)?.[0];
    return column === undefined ? [] : [{ id: column, desc: query.sort.dir === 'desc' }];
  }, [query.sort]);
  const data = useMemo(() => (rows.length === 0 ? noRows : [...rows]), [rows]);
  const table = useTable({
    features: queueFeatures,
    columns: queueColumns,
    data,
    getRowId: (row) => row.id,
    manualSorting: true,
    state: { sorting },
    onSortingChange: () => {},
  });
  const model = table.getRowModel().rows;

  const virtual = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    // Rows that come into sight are drawn between two frames, not within one; those beyond the edge cover the moment.
    useFlushSync: false,
    rangeExtractor: placed || stale ? defaultRangeExtractor : fromTheTop,
    onChange: (instance) => {
      const gone = goingTo.current;
      goingTo.current = null;
      if (gone !== null) startTransition(() => setPlacedKey(gone));
      const items = instance.getVirtualItems();
      const next = { first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 };
      setRange((current) => (current.first === next.first && current.last === next.last ? current : next));
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row height is what changed
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  useLayoutEffect(() => {
    if (stale || placed) return;
    if ((virtual.scrollOffset ?? 0) === 0) startTransition(() => setPlacedKey(queryKey));
    else {
      goingTo.current = queryKey;
      scroller.current?.scrollTo({ top: 0 });
    }
  }, [stale, placed, queryKey, virtual]);
  useEffect(() => onTotal?.(stale ? undefined : total, more), [onTotal, total, more, stale]);

  const reveal = useCallback(
    (index: number) => virtual.scrollToIndex(start + index, { align: 'auto' }),
    [virtual, start],
  );
  const { cursor, place, selectedId } = useListCursor({ rows, stale, queryKey, reveal });
  const open = useCallback(
    (id: string) => {
      place(id);
      viewActs.openTicket(id);
    },
    [place],
  );

  if (error !== null && total === undefined) return whenFailed(refresh);
  return (
    <div
      className="queue @container flex h-full min-h-0 flex-col"
      role="grid"
      aria-label={label}
      aria-rowcount={total ?? -1}
      aria-busy={stale}
    >
      <HeaderRow sort={query.sort} onSort={onSort} columns={table.getVisibleLeafColumns().map((column) => column.id)} />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" role="presentation">
        {total === undefined && <LoadingRows height={rowHeight} />}
        {total === 0 && !stale && whenEmpty}
        <div className="relative" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = model[item.index - start];
            const style = { height: rowHeight, transform: `translateY(${item.start}px)` };
            if (row === undefined) return <PlaceholderRow key={item.key} style={style} />;
            const { id } = row.original;
            return (
              <TicketRow
                key={id}
                row={row}
                index={item.index}
                top={item.start}
                height={rowHeight}
                reached={id === (cursor ?? selectedId)}
                selected={id === selectedId}
                pointed={id === cursor && id !== selectedId}
                onOpen={open}
              />
            );
          })}
        </div>
        {total !== undefined && after}
      </div>
    </div>
  );
}

interface HeaderRowProps {
  readonly sort: QueueSort;
  readonly onSort: (sort: QueueSort) => void;
  readonly columns: readonly string[];
}

const isColumn = (id: string): id is 'number' | 'subject' | 'status' | 'tier' | 'assignee' | 'age' | 'priority' =>
  id in sortOfColumn;

/** Age grows as the registration recedes: its arrow and its sort run against each other. */
function HeaderRow({ sort, onSort, columns }: HeaderRowProps) {
  const { t } = useTranslation();
  return (
    <div role="row" tabIndex={-1} className="queue-row h-[30px] shrink-0 border-line border-b text-2xs text-text-3">
      {columns.filter(isColumn).map((id) => {
        const by = sortOfColumn[id] ?? 'priority';
        const active = sort.by === by;
        const firstDir = id === 'priority' || id === 'tier' ? 'desc' : 'asc';
        const up = (sort.dir === 'asc') !== (id === 'age');
        return (
          <div
            key={id}
            role="columnheader"
            tabIndex={-1}
            aria-sort={active ? (sort.dir === 'asc' ? 'ascending' : 'descending') : 'none'}
            className={`queue-${id} flex min-w-0 items-center`}
          >
            <button
              type="button"
              title={`${t('queue.sort')}: ${t(`queue.columns.${id}`)}`}
              onClick={() => onSort({ by, dir: active ? (sort.dir === 'asc' ? 'desc' : 'asc') : firstDir })}
              className={cx(
                '-mx-1 flex items-center gap-0.5 rounded-sm px-1 hover:text-text-1',
                active && 'font-semibold text-text-2',
              )}
            >
              <span className={cx((id === 'priority' || id === 'assignee') && 'sr-only')}>
                {t(`queue.columns.${id}`)}
              </span>
              {(active || id === 'priority') &&
                (up ? (
                  <ArrowUp className={cx('size-3', !active && 'opacity-0')} />
                ) : (
                  <ArrowDown className={cx('size-3', !active && 'opacity-0')} />
                ))}
            </button>
          </div>
        );
      })}
    </div>
  );
}

const PlaceholderRow = ({ style }: { readonly style: { readonly height: number; readonly transform?: string } }) => (
  <div aria-hidden="true" style={style} className="queue-row absolute inset-x-0 top-0 border-line-soft border-b">
    <span className="queue-priority flex items-center justify-center">
      <Skeleton className="size-3.5" />
    </span>
    <span className="queue-number flex items-center">
      <Skeleton className="h-2.5 w-11" />
    </span>
    <span className="queue-subject flex flex-col justify-center gap-2">
      <Skeleton className="h-2.5 w-3/5" />
      <Skeleton className="h-2 w-2/5" />
    </span>
  </div>
);

const LoadingRows = ({ height }: { readonly height: number }) => (
  <div className="relative" role="presentation">
    {Array.from({ length: 12 }, (_, index) => `row-${index}`).map((key, index) => (
      <PlaceholderRow key={key} style={{ height, transform: `translateY(${index * height}px)` }} />
    ))}
  </div>
);
