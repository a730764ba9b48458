import { isInWindow } from '../scope/ticket-scope.ts';
import { type NearHead, RECENT_ROWS } from './change-reads.ts';
import type { PullReads } from './pull.ts';

/** Whether the log ends within what was read of it. */
export const isWhole = ({ log }: NearHead): boolean => log.length <= RECENT_ROWS;

/**
 * Answers a pull's reads from what was read in one question. `lacks` tells afterwards whether it was asked for more: rows of the directory, or a
 * timeline from further back; then the lines are nothing, and the desk is read as for any other pull.
 */
export function readsOfNear({ log, tickets }: NearHead): { readonly reads: PullReads; lacks(): boolean } {
  const ticketById = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  let lacks = false;
  return {
    lacks: () => lacks,
    reads: {
      logAfter: async () => {
        lacks = true;
        return [];
      },
      tickets: async (_ids, scope) =>
        tickets.map((ticket) => ({ ...ticket, inWindow: isInWindow(ticket.closedRecordedAt, scope) })),
      async keysSince() {
        const rowsById = Map.groupBy(log, (row) => row.id);
        return new Map([...rowsById].map(([id, rows]) => [id, rows.map((row) => row.before)]));
      },
      entriesAfter: async (wanted) =>
        wanted.flatMap(({ id, after }) => {
          const ticket = ticketById.get(id);
          if (ticket?.after === after) return ticket.entries.map((doc) => ({ ticketId: id, doc }));
          lacks = true;
          return [];
        }),
      directoryRows: async () => {
        lacks = true;
        return [];
      },
    },
  };
}
