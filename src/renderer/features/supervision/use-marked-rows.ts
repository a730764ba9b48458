import { useEffect, useState } from 'react';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { defaultSort, noFilters, useView } from '../../state/view-store.ts';

const PAGE = 200;

/** The rows of the marked tickets, once they are read; null before. Read by window, for marks may lie far apart. */
export function useMarkedRows(active: boolean): readonly QueueRow[] | null {
  const { client } = useConsole();
  const ids = useView((state) => state.markedIds);
  const [rows, setRows] = useState<readonly QueueRow[] | null>(null);
  useEffect(() => {
    if (!active) {
      setRows(null);
      return;
    }
    let current = true;
    const read = async () => {
      const found: QueueRow[] = [];
      for (let offset = 0; found.length < ids.size; offset += PAGE) {
        const query = {
          ...noFilters,
          view: 'all',
          status: 'any',
          text: '',
          sort: defaultSort,
          offset,
          limit: PAGE,
        } as const;
        const answer = await client.call('queue.window', query);
        if (!answer.ok || !current) return;
        found.push(...answer.value.rows.filter((row) => ids.has(row.id)));
        if (answer.value.rows.length < PAGE) break;
      }
      // The marks go when the acts are sent; the dialog keeps what it has.
      setRows((before) => before ?? found);
    };
    void read();
    return () => {
      current = false;
    };
  }, [active, ids, client]);
  return rows;
}
