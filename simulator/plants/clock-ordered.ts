import type { OutboxRow } from '../../src/core/ports/outbox.ts';
import { plantOf } from './plant.ts';

/** What goes out first is what the device's clock says to be older. */
export const clockOrdered = plantOf(() => {
  const timeOf = (row: OutboxRow): number => (row.kind === 'command' ? row.wire.time.deviceAt : 0);
  const sorted = (rows: readonly OutboxRow[]) => [...rows].sort((a, b) => timeOf(a) - timeOf(b));
  return {
    outbox: (port) => ({
      ...port,
      toSend: (limit) => sorted(port.toSend(limit)),
      unanswered: (limit) => sorted(port.unanswered(limit)),
    }),
  };
});
