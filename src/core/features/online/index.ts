import type { TimelineEntry } from '../../../domain/events.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import type { ConsoleError } from '../../../protocol/console/client.ts';
import type { RowsRequest } from '../../../protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../../protocol/versions.ts';
import { type Err, ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed, storeError } from '../../failures.ts';
import type { VisitedTicket } from '../../online-shelf.ts';
import type { StoreRow } from '../../ports/store-client.ts';
import type { TokenFailure } from '../../session-keeper.ts';
import { authorized } from '../../sync/link.ts';
import { type Desk, requireOpenDesk, type World } from '../../world.ts';
import { onlineRow, onlineView } from './online-view.ts';

const SEARCH_ROWS = 50;

/** Tickets beyond what this console holds: found and read at the store, with names from the directory here. */
export function onlineFeature(world: World): Handlers<'search.store' | 'ticket.getOnline'> {
  const { store } = world.deps;
  return {
    async 'search.store'({ text }) {
      const desk = requireOpenDesk(world);
      if (!desk.ok) return desk;
      const request = { protocol: PROTOCOL_VERSION, text, limit: SEARCH_ROWS };
      const found = await authorized(desk.value.runtime.keeper, (token) => store.search(token, request));
      if (!found.ok) return notAnswered(desk.value, found.error);
      const { tickets, more, closedWindowDays } = found.value;
      return ok({ rows: tickets.map((ticket) => onlineRow(desk.value, ticket)), more, closedWindowDays });
    },

    async 'ticket.getOnline'({ ticketId }) {
      const desk = requireOpenDesk(world);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { epoch, fill } = runtime.files.cache.meta();
      const known = epoch ?? fill?.epoch ?? null;
      // Before the first page of the first fill nothing says which desk this is.
      if (known === null) return failed('offline');
      // As it is now, whatever has been pulled: the standing names epoch and rights only.
      const request: RowsRequest = {
        protocol: PROTOCOL_VERSION,
        epoch: known,
        cursor: null,
        scopeVersion: desk.value.session.scopeVersion,
        rows: [{ e: 'ticket', id: ticketId }],
      };
      const found = await authorized(runtime.keeper, (token) => store.rows(token, request));
      if (!found.ok) return notAnswered(desk.value, found.error);
      const visited = visitedIn(found.value, ticketId);
      if (visited === null) {
        world.online.drop(runtime, ticketId);
        await runtime.attachments.shelf.outOfReach(ticketId);
        return ok(null);
      }
      world.online.keep(runtime, visited);
      runtime.attachments.shelf.visited(ticketId);
      const folded = world.online.folded(runtime, desk.value.session, ticketId);
      return ok(folded === null ? null : onlineView(desk.value, folded));
    },
  };
}

/** A store that was restored, or other rights: the next hello finds out, and the person asks again. */
function notAnswered({ runtime }: Desk, failure: TokenFailure): Err<ConsoleError> {
  switch (failure.kind) {
    case 'noSession':
      return failed('sessionExpired');
    case 'epoch':
    case 'scope':
      runtime.engine.retryNow();
      return failed('offline');
    case 'storeTooOld':
    case 'consoleTooOld':
      return failed('offline');
    default:
      return storeError(failure);
  }
}

function visitedIn(rows: readonly StoreRow[], ticketId: string): VisitedTicket | null {
  let ticket: Ticket | null = null;
  const entries: TimelineEntry[] = [];
  for (const row of rows) {
    if (row.entity === 'ticket' && row.row.id === ticketId) ticket = row.row;
    if (row.entity === 'entry' && row.row.ticketId === ticketId) entries.push(row.row);
  }
  return ticket === null ? null : { ticket, entries: entries.sort((a, b) => a.seq - b.seq) };
}
