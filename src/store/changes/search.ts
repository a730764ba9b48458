import type { Ticket } from '../../domain/ticket.ts';
import type { SearchRequest, SearchResponse } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import { searchTerms } from './search-words.ts';
import { checkAsker, type ReadFailure } from './standing.ts';

/** Closed tickets that the person may see and whose console no longer holds them: those out of the window (SY7). */
export async function searchStore(
  deps: ChangeDeps,
  principal: Principal,
  request: SearchRequest,
): Promise<Result<SearchResponse, ReadFailure>> {
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  const reads = deps.changes.live(principal.deskId);
  const { settings } = await reads.desk();
  const scope = ticketScopeOf(principal, settings, deps.now());
  const terms = searchTerms(request.text);
  const found = terms.length === 0 ? [] : await reads.searchClosed(terms, request.limit + 1, scope);
  return ok({
    // Our own rows, written from checked tickets.
    tickets: found.slice(0, request.limit).map((doc) => JSON.parse(doc) as Ticket),
    more: found.length > request.limit,
    closedWindowDays: settings.closedWindowDays,
  });
}
