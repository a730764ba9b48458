import type { PullRequest } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { markOf } from '../epoch/seal.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import { isWhole, readsOfNear } from './near-head.ts';
import { type PulledLines, pullLines, readLog } from './pull.ts';
import { checkAsker, type ReadFailure, readStanding, type Standing, standingOf } from './standing.ts';
import type { SyncLine } from './sync-line.ts';

type Pulled = Result<readonly SyncLine[], ReadFailure>;

/**
 * All lines of one pull. It is read to its end before it goes out: a slow reader must hold neither a connection
 * nor a snapshot of the database.
 */
export async function readPull(deps: ChangeDeps, principal: Principal, request: PullRequest): Promise<Pulled> {
  const { deskId } = principal;
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  const near = await pullNearHead(deps, principal, request);
  if (near !== null) return near;
  return deps.changes.atOnce(deskId, async (reads) => {
    const standing = await readStanding(reads, request, readLog(reads, request.cursor));
    if (!standing.ok) return standing;
    const { besides: first } = standing.value;
    const options = optionsOf(deps, principal, request, standing.value);
    return ok(linesOf(principal, standing.value, await pullLines(reads, options, first)));
  });
}

/** A console that nearly stands at the head, as most do, is answered from one question to the database. Null: it needs more. */
async function pullNearHead(deps: ChangeDeps, principal: Principal, request: PullRequest): Promise<Pulled | null> {
  const { cursor, mark } = request;
  const scope = { grant: principal.grant, now: deps.now() };
  const near = await deps.changes.nearHead(principal.deskId, { cursor, mark: mark?.seq ?? null, scope });
  const standing = standingOf(request, near);
  if (!standing.ok) return standing;
  if (!isWhole(near)) return null;
  const { reads, lacks } = readsOfNear(near);
  const pulled = await pullLines(reads, optionsOf(deps, principal, request, standing.value), near.log);
  return lacks() ? null : ok(linesOf(principal, standing.value, pulled));
}

const optionsOf = (
  deps: ChangeDeps,
  principal: Principal,
  { cursor, limit }: PullRequest,
  { desk, cursorHash }: Standing,
) => ({
  from: { seq: cursor, hash: cursorHash },
  limit,
  scope: ticketScopeOf(principal, desk.settings, deps.now()),
});

function linesOf({ scopeVersion }: Principal, { desk }: Standing, { lines, end, more }: PulledLines): SyncLine[] {
  const { seal } = markOf(desk, end);
  return [...lines, { t: 'end', cursor: end.seq, more, logHash: end.hash, seal, scopeVersion }];
}
