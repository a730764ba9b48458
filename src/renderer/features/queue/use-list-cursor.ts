import { useCallback, useEffect, useRef, useState } from 'react';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { holdList } from '../../state/list-handle.ts';
import { useView, viewActs } from '../../state/view-store.ts';

interface ListCursorDeps {
  readonly rows: readonly QueueRow[];
  /** The rows are still those of the query before. */
  readonly stale: boolean;
  /** Another key is another list: it begins at its top. */
  readonly queryKey: string;
  /** Brings the row at that place of `rows` into sight. */
  readonly reveal: (index: number) => void;
}

/**
 * The row that the keys of the list stand on. It is held beside React's state too: J, J, Enter typed faster than the screen is
 * drawn open the row that they point at. `openFirst` waits for the rows of the query that was just asked.
 */
export function useListCursor({ rows, stale, queryKey, reveal }: ListCursorDeps) {
  const selectedId = useView((state) => state.selectedTicketId);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wantsFirst, setWantsFirst] = useState(false);
  const at = useRef<string | null>(null);
  const place = useCallback((id: string | null) => {
    at.current = id;
    setCursor(id);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another query begins at its top
  useEffect(() => place(null), [queryKey, place]);
  useEffect(() => {
    if (!wantsFirst || stale) return;
    setWantsFirst(false);
    const [first] = rows;
    if (first === undefined) return;
    place(first.id);
    viewActs.openTicket(first.id);
  }, [wantsFirst, stale, rows, place]);
  useEffect(
    () =>
      holdList({
        move(step) {
          const from = rows.findIndex((row) => row.id === (at.current ?? selectedId));
          const wanted = from < 0 ? (step === 1 ? 0 : rows.length - 1) : from + step;
          const index = Math.min(Math.max(wanted, 0), rows.length - 1);
          const next = rows[index];
          if (next === undefined) return;
          place(next.id);
          reveal(index);
          // The keys are the list's now: a view or a chip that was clicked before must not answer Enter.
          if (document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
        },
        open: () => at.current !== null && viewActs.openTicket(at.current),
        openFirst: () => setWantsFirst(true),
        mark() {
          const id = at.current ?? selectedId;
          if (id !== null) viewActs.toggleMark(id);
        },
        markAll: () => viewActs.mark(rows.map((row) => row.id)),
      }),
    [rows, selectedId, place, reveal],
  );
  return { cursor, place, selectedId };
}
