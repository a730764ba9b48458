import { FlexRender, type Row } from '@tanstack/react-table';
import { memo } from 'react';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { cx } from '../../lib/cx.ts';
import type { queueFeatures } from './columns.tsx';

interface TicketRowProps {
  readonly row: Row<typeof queueFeatures, QueueRow>;
  /** Place in the whole list, from 0. */
  readonly index: number;
  readonly top: number;
  readonly height: number;
  /** The one that Tab comes to. */
  readonly reached: boolean;
  readonly selected: boolean;
  /** The keys of the list stand here. */
  readonly pointed: boolean;
  readonly onOpen: (id: string) => void;
}

/**
 * One line of a list. Drawn again only when its ticket or its place changed: the table makes its rows anew for every answer, the
 * ticket in them is the same object for as long as it says the same.
 */
export const TicketRow = memo(function TicketRow(props: TicketRowProps) {
  const { row, index, top, height, reached, selected, pointed, onOpen } = props;
  const { id } = row.original;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys reach the rows through the list's actions
    <div
      role="row"
      tabIndex={reached ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={() => onOpen(id)}
      style={{ height, top }}
      className={cx(
        'queue-row group absolute inset-x-0 border-line-soft border-b focus-visible:-outline-offset-2',
        selected ? 'bg-accent-wash shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
        pointed && 'bg-hover shadow-[inset_2px_0_0_var(--text-4)]',
      )}
    >
      {row.getVisibleCells().map((cell) => (
        <div key={cell.id} role="gridcell" className={`queue-${cell.column.id} flex min-w-0 items-center`}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}, sameRow);

function sameRow(a: TicketRowProps, b: TicketRowProps): boolean {
  return (
    a.row.original === b.row.original &&
    a.index === b.index &&
    a.top === b.top &&
    a.height === b.height &&
    a.reached === b.reached &&
    a.selected === b.selected &&
    a.pointed === b.pointed &&
    a.onOpen === b.onOpen
  );
}
