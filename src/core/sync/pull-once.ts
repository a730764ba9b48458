import { PROTOCOL_VERSION } from '../../protocol/versions.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { PulledTransaction, PullPart, StoreRow } from '../ports/store-client.ts';
import type { DigestWatch } from './digest-watch.ts';
import type { FillFailure } from './first-fill.ts';
import { touchedTickets } from './first-fill.ts';
import { type Link, unlessClosed, untilClosed } from './link.ts';
import { positionOf } from './overlay-keeper.ts';
import { markIn } from './pull-plan.ts';
import type { SyncContext } from './sync-context.ts';

export const PULL_LIMIT = 5_000;
/** Store transactions are gathered into one local transaction up to about so many changes; none is ever split. */
const GROUP_CHANGES = 500;

export interface Pulled {
  readonly more: boolean;
  readonly changes: number;
}
type End = Extract<PullPart, { kind: 'end' }>;

/**
 * One pull request, applied as it streams. The cursor moves with the last rows, in one transaction, and never before them: a
 * pull that was cut is asked for again from the old cursor, and rows that came already are left by their version (SY8).
 */
export async function pullOnce(
  link: Link,
  context: SyncContext,
  watch: DigestWatch,
): Promise<Result<Pulled | 'closed', FillFailure>> {
  const { cache, outbox, keeper, deps } = context;
  const meta = cache.meta();
  if (meta.epoch === null || meta.cursor === null || meta.scopeVersion === null) {
    return err({ kind: 'store', failure: { kind: 'epoch' } });
  }
  const { epoch, cursor, logHash, scopeVersion } = meta;
  const told = markIn(epoch, outbox.ackMarks());
  const beyond = told !== undefined && told.seq > cursor ? { mark: told } : {};
  for (let attempt = 0; ; attempt += 1) {
    const token = await unlessClosed(link, keeper.accessToken());
    if (link.closed) return ok('closed');
    if (!token.ok) return err({ kind: 'store', failure: token.error });
    const place = { epoch, cursor, ...(logHash === null ? {} : { logHash }), ...beyond };
    const request = { protocol: PROTOCOL_VERSION, ...place, scopeVersion, limit: PULL_LIMIT };
    const done = await applyStream(link, context, watch, untilClosed(link, deps.store.pull(token.value, request)));
    if (!done.ok && done.error.kind === 'store') {
      if (done.error.failure.kind === 'sessionRevoked') keeper.markExpired();
      if (done.error.failure.kind === 'unauthenticated' && attempt === 0) {
        keeper.invalidate(token.value);
        continue;
      }
    }
    return done;
  }
}

async function applyStream(
  link: Link,
  context: SyncContext,
  watch: DigestWatch,
  parts: AsyncIterable<PullPart>,
): Promise<Result<Pulled | 'closed', FillFailure>> {
  let group: PulledTransaction[] = [];
  let gathered = 0;
  let changes = 0;
  /** Rows of the directory came: every act that waits is judged again at the end. */
  let directory = false;
  for await (const part of parts) {
    if (link.closed) return ok('closed');
    switch (part.kind) {
      case 'failed':
        return err({ kind: 'store', failure: part.failure });
      case 'end': {
        const kept = keepGroup(context, watch, group, part, directory);
        if (!kept.ok) return err({ kind: 'cache', failure: kept.error });
        return ok({ more: part.more, changes });
      }
      case 'transaction':
        group.push(part);
        gathered += part.changes.length;
        changes += part.changes.length;
        if (gathered >= GROUP_CHANGES) {
          const kept = keepGroup(context, watch, group, null, directory);
          if (!kept.ok) return err({ kind: 'cache', failure: kept.error });
          directory ||= kept.value.directory;
          group = [];
          gathered = 0;
        }
    }
  }
  return err({ kind: 'store', failure: link.closed ? { kind: 'offline' } : { kind: 'broken' } });
}

function keepGroup(
  context: SyncContext,
  watch: DigestWatch,
  group: readonly PulledTransaction[],
  end: End | null,
  directoryBefore: boolean,
): Result<{ readonly directory: boolean }, StorageFailure> {
  const { cache, overlays } = context;
  const before = cache.meta();
  const touched = new Set<string>();
  const directory: StoreRow[] = [];
  const meta =
    end === null
      ? before
      : {
          ...before,
          cursor: end.cursor,
          logHash: end.logHash,
          seal: end.seal,
          scopeVersion: end.scopeVersion,
          caughtUp: before.caughtUp || !end.more,
        };
  function dueNow(): Iterable<string> {
    const position = positionOf(meta);
    if (end === null) {
      const due = overlays.due(position);
      return [...touched].filter((ticketId) => due.has(ticketId));
    }
    const { cursor, caughtUp, scopeVersion } = before;
    const judgesAll = !caughtUp || scopeVersion !== meta.scopeVersion || directoryBefore || directory.length > 0;
    // A cursor that moved may settle answered commands of tickets that this pull did not touch.
    return judgesAll || cursor === null ? overlays.due(position) : overlays.dueAfter(cursor, position, touched);
  }
  const kept = cache.transaction((tx) => {
    let rows: StoreRow[] = [];
    const flush = () => {
      if (rows.length === 0) return;
      tx.upsert(rows);
      for (const ticketId of touchedTickets(rows)) touched.add(ticketId);
      directory.push(...rows.filter((row) => row.entity !== 'ticket' && row.entity !== 'entry'));
      rows = [];
    };
    for (const { changes } of group) {
      for (const change of changes) {
        if ('up' in change) rows.push(change.up);
        else {
          flush();
          tx.removeTicket(change.rm.id);
          touched.add(change.rm.id);
        }
      }
    }
    flush();
    if (end !== null) tx.setMeta(meta);
    const again = dueNow();
    for (const ticketId of overlays.rebase(tx, again, positionOf(meta), true)) touched.add(ticketId);
    return { directory: directory.length > 0 };
  });
  if (kept.ok) {
    watch.touch(touched, directory);
    tell(context, touched, directory.length > 0);
  }
  return kept;
}

function tell({ hub }: SyncContext, touched: ReadonlySet<string>, directory: boolean): void {
  if (directory) hub.emit('directory');
  if (touched.size === 0) return;
  hub.emit('queue', { count: touched.size });
  hub.emit('away', { count: touched.size });
  if (touched.size > 20) hub.emit('ticket', { count: touched.size });
  else for (const ticketId of touched) hub.emit('ticket', { ticketId });
}
