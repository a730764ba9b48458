import type { RowsRequest } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import { entities, readMoving } from './moving.ts';
import { checkAsker, type ReadFailure, readStanding } from './standing.ts';
import { type SyncLine, upLine } from './sync-line.ts';

/**
 * Rows by key, each ticket followed by its timeline, and an end. What the person may not see is left out in silence, as is
 * what is not there.
 *
 * With a cursor the rows go into a cache that stands there, so those that changed after it are left to the pull, and those
 * out of the window to the search. With none they are shown as they are now, and the window does not count.
 */
export async function readRows(
  deps: ChangeDeps,
  principal: Principal,
  request: RowsRequest,
): Promise<Result<readonly SyncLine[], ReadFailure>> {
  const { cursor } = request;
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  return deps.changes.atOnce(principal.deskId, async (reads) => {
    const moved = cursor === null ? Promise.resolve(null) : readMoving(reads, cursor);
    const standing = await readStanding(
      reads,
      cursor === null ? { epoch: request.epoch, cursor: 0 } : { ...request, cursor },
      moved,
    );
    if (!standing.ok) return standing;
    const { desk, besides: moving } = standing.value;
    const idsOf = (entity: string) => [
      ...new Set(request.rows.filter((row) => row.e === entity && !moving?.has(row.id)).map((row) => row.id)),
    ];
    const lines: SyncLine[] = [];
    for (const entity of entities) {
      const ids = idsOf(entity);
      if (ids.length === 0) continue;
      for (const row of await reads.directoryRows(entity, ids)) lines.push(upLine(entity, row.doc));
    }
    const ids = idsOf('ticket');
    if (ids.length > 0) {
      const scope = ticketScopeOf(principal, desk.settings, deps.now());
      const tickets = (await reads.tickets(ids, scope)).filter(
        (row) => row.inScope && (cursor === null || row.inWindow),
      );
      const timelines = new Map<string, SyncLine[]>(tickets.map((row) => [row.id, []]));
      const wanted = tickets.map((row) => ({ id: row.id, after: 0 }));
      for (const entry of wanted.length === 0 ? [] : await reads.entriesAfter(wanted)) {
        timelines.get(entry.ticketId)?.push(upLine('entry', entry.doc));
      }
      for (const row of tickets) lines.push(upLine('ticket', row.doc), ...(timelines.get(row.id) ?? []));
    }
    return ok([...lines, { t: 'end', rows: lines.length }]);
  });
}
