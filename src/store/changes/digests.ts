import type {
  DigestRequest,
  DigestResponse,
  DigestRowsRequest,
  DigestRowsResponse,
} from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import { entities, readMoving } from './moving.ts';
import { checkAsker, type ReadFailure, readStanding } from './standing.ts';

/** What the console should hold at its cursor, by bucket and entity (SY4). */
export async function readDigest(
  deps: ChangeDeps,
  principal: Principal,
  request: DigestRequest,
): Promise<Result<DigestResponse, ReadFailure>> {
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  return deps.changes.atOnce(principal.deskId, async (reads) => {
    const standing = await readStanding(reads, request, readMoving(reads, request.cursor));
    if (!standing.ok) return standing;
    const { desk, besides: moving } = standing.value;
    const scope = ticketScopeOf(principal, desk.settings, deps.now());
    const [buckets, directory] = await Promise.all([reads.ticketTallies(scope), reads.directoryTallies()]);
    return ok({
      buckets: [...buckets].sort((one, other) => one.b - other.b),
      moving: [...moving.buckets].sort((a, b) => a - b),
      directory: entities.flatMap((entity) => directory.filter(({ e }) => e === entity)),
      movingDirectory: entities.filter((entity) => moving.directory.has(entity)),
    });
  });
}

/** The rows of the buckets and entities asked for, one by one; those of moving ones are left out. */
export async function readDigestRows(
  deps: ChangeDeps,
  principal: Principal,
  request: DigestRowsRequest,
): Promise<Result<DigestRowsResponse, ReadFailure>> {
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  return deps.changes.atOnce(principal.deskId, async (reads) => {
    const standing = await readStanding(reads, request, readMoving(reads, request.cursor));
    if (!standing.ok) return standing;
    const { desk, besides: moving } = standing.value;
    const scope = ticketScopeOf(principal, desk.settings, deps.now());
    const buckets = [...new Set(request.buckets)].sort((a, b) => a - b);
    const still = buckets.filter((bucket) => !moving.buckets.has(bucket));
    const asked = entities.filter((entity) => request.directory.includes(entity));
    const rows: DigestRowsResponse['rows'] = [];
    for (const { id, x } of await reads.ticketDigests(still, scope)) rows.push({ e: 'ticket', id, x });
    for (const entity of asked) {
      if (moving.directory.has(entity)) continue;
      for (const { id, x } of await reads.directoryDigests(entity)) rows.push({ e: entity, id, x });
    }
    return ok({
      rows,
      moving: buckets.filter((bucket) => moving.buckets.has(bucket)),
      movingDirectory: asked.filter((entity) => moving.directory.has(entity)),
    });
  });
}
