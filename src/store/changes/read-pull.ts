import type { PullRequest } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { inSnapshot } from '../db/transaction.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { StoreDeps } from '../store-deps.ts';
import { deskRow, logHashAt } from './desk-head.ts';
import { pullLines, readLog } from './pull.ts';

export type PullFailure =
  | { readonly code: 'EPOCH'; readonly details: { readonly epoch: string } }
  | { readonly code: 'SCOPE'; readonly details: { readonly scopeVersion: string } };

/**
 * The whole NDJSON of one pull. It is read to its end before it goes out: a slow reader must hold neither a connection
 * nor a snapshot of the database.
 */
export async function readPull(
  deps: Pick<StoreDeps, 'db' | 'now'>,
  principal: Principal,
  request: PullRequest,
): Promise<Result<string, PullFailure>> {
  const { deskId, scopeVersion } = principal;
  if (request.scopeVersion !== scopeVersion) return err({ code: 'SCOPE', details: { scopeVersion } });
  return inSnapshot(deps.db, async (client, begun) => {
    const [desk, cursorHash, first] = await Promise.all([
      deskRow(client, deskId),
      logHashAt(client, deskId, request.cursor),
      readLog(client, deskId, request.cursor),
      begun,
    ]);
    if (desk.epoch !== request.epoch || cursorHash === null)
      return err({ code: 'EPOCH', details: { epoch: desk.epoch } });
    const scope = ticketScopeOf(principal, parseDeskSettings(desk.settings), deps.now());
    const options = { deskId, cursor: request.cursor, cursorHash, limit: request.limit, scopeVersion, scope };
    let text = '';
    for await (const piece of pullLines(client, options, first)) text += piece;
    return ok(text);
  });
}
