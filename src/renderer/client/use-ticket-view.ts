import type { ConsoleError } from '../../protocol/console/client.ts';
import type { TicketView } from '../../protocol/console/rows.ts';
import { useQuery } from './use-query.ts';

export interface FoundTicket {
  /** Undefined while it is looked for; null when there is none to see, here or at the desk. */
  readonly view: TicketView | null | undefined;
  /** Read at the desk: this console does not hold it. */
  readonly online: boolean;
  readonly error: ConsoleError | null;
  readonly loading: boolean;
  readonly refresh: () => void;
}

/** One ticket, from this console where it holds it, else from the desk. Null id: none. */
export function useTicketView(ticketId: string | null): FoundTicket {
  const here = useQuery('ticket.get', ticketId === null ? null : { ticketId }, ['ticket', 'outbox', 'directory']);
  const absent = ticketId !== null && here.data === null;
  const there = useQuery('ticket.getOnline', absent ? { ticketId } : null, ['ticket', 'outbox', 'session']);
  if (!absent)
    return { view: here.data, online: false, error: here.error, loading: here.loading, refresh: here.refresh };
  return {
    // A desk that cannot be asked leaves it at what this console knows: that it does not hold it.
    view: there.error !== null && there.data === undefined ? null : there.data,
    online: there.data !== undefined && there.data !== null,
    error: there.error,
    loading: there.loading,
    refresh: there.refresh,
  };
}
