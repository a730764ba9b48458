import type { PullRequest } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { markOf } from '../epoch/seal.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import { pullLines, readLog } from './pull.ts';
import { checkAsker, type ReadFailure, readStanding } from './standing.ts';
import type { SyncLine } from './sync-line.ts';

/**
 * All lines of one pull. It is read to its end before it goes out: a slow reader must hold neither a connection
 * nor a snapshot of the database.
 */
export async function readPull(
  deps: ChangeDeps,
  principal: Principal,
  request: PullRequest,
): Promise<Result<readonly SyncLine[], ReadFailure>> {
  const { deskId, scopeVersion } = principal;
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  return deps.changes.atOnce(deskId, async (reads) => {
    const { cursor, limit } = request;
    const now = deps.now();
    const begin = Promise.all([readLog(reads, cursor), reads.recent(cursor, { grant: principal.grant, now })]);
    const standing = await readStanding(reads, request, begin);
    if (!standing.ok) return standing;
    const { desk, cursorHash, besides } = standing.value;
    const [log, recent] = besides;
    const from = { seq: cursor, hash: cursorHash };
    const scope = ticketScopeOf(principal, desk.settings, now);
    const { lines, end, more } = await pullLines(reads, { from, limit, scope }, { log, recent });
    const { seal } = markOf(desk, end);
    return ok([...lines, { t: 'end', cursor: end.seq, more, logHash: end.hash, seal, scopeVersion }]);
  });
}
