import type { StoreRow } from '../../src/core/ports/store-client.ts';
import type { ConsoleProcess } from '../console/machine.ts';
import { plantOf } from './plant.ts';

/** Rows are written as they come, whatever their version: one that was under way for long lies over a newer one. */
export const applyByArrival = plantOf(({ scheduler, chance }) => ({
  cache(port, machine) {
    const late = (rows: readonly StoreRow[], process: ConsoleProcess | null) => {
      // The packet of a process that is gone reaches nobody.
      if (process === null || machine.process() !== process) return;
      for (const item of rows) {
        if (item.entity !== 'ticket') continue;
        const entries = [...(machine.disk.cache.entries.get(item.row.id)?.values() ?? [])];
        port.transaction((tx) => {
          tx.removeTicket(item.row.id);
          tx.upsert([item]);
          tx.upsert(entries.map(({ value, doc }) => ({ entity: 'entry', row: value, doc })));
        });
      }
    };
    return {
      ...port,
      transaction: (work) =>
        port.transaction((tx) => {
          const delay = (rows: readonly StoreRow[]) => {
            const process = machine.process();
            if (chance.happens(0.05)) scheduler.after(chance.between(200, 4_000), () => late(rows, process));
          };
          return work({
            ...tx,
            upsert(rows) {
              delay(rows);
              tx.upsert(rows);
            },
            fill(page) {
              if (page.form === 'plain') delay(page.rows);
              tx.fill(page);
            },
          });
        }),
    };
  },
}));
