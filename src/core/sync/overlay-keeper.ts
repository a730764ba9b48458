import type { SessionInfo } from '../../protocol/sync/auth.ts';
import { SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { Result } from '../../shared/result.ts';
import type { CacheMeta, CachePort, CacheTx } from '../ports/cache.ts';
import type { BasePosition, OutboxCommand, OutboxPort } from '../ports/outbox.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import { consoleContext } from './decide-context.ts';
import { reconcile } from './reconcile.ts';

/**
 * Keeps in the cache what lies over the base. The outbox is always written first and the overlay is derived from it, so a
 * crash between the two files costs nothing: `rebuildAll` at the next start makes the overlays again.
 */
export interface OverlayKeeper {
  /** Makes the overlays of these tickets again, as part of a transaction that changes their base. */
  rebase(tx: CacheTx, ticketIds: Iterable<string>, position: BasePosition, baseComplete: boolean): void;
  /**
   * Tickets whose overlay a change of their base may change: those that have one now or want one over a base that cannot be read
   * yet, and those with live commands that the base held until now, such as what is owed to a restored store.
   */
  due(position: BasePosition): ReadonlySet<string>;
  /** After the outbox changed. */
  refresh(ticketIds: Iterable<string>): Result<null, StorageFailure>;
  rebuildAll(): Result<null, StorageFailure>;
  /** A transaction of the cache that held a `rebase` was rolled back: what it had noted here is read again. */
  rolledBack(): void;
  /** Overlays could not be written: `rebuildAll` makes up for it. */
  owing(): boolean;
}

/** Where the base stands: the cursor, or the pin of a fill under way. */
export const positionOf = (meta: CacheMeta): BasePosition => {
  if (meta.fill !== null) return { epoch: meta.fill.epoch, cursor: meta.fill.pin };
  return meta.epoch !== null && meta.cursor !== null ? { epoch: meta.epoch, cursor: meta.cursor } : null;
};

/** The store judges a command that is owed, or was, as a replay (SY14): so does what is shown until it answers. */
export const formerVerdict = ({ replayFor, outcome, formerOutcome }: OutboxCommand) =>
  (replayFor === null ? formerOutcome : outcome)?.verdict ?? null;

/** Rows of another version of the app may lack what the rules ask for: until the fill that replaces them nothing is doubted. */
export const isBaseComplete = (meta: CacheMeta): boolean =>
  meta.cursor !== null && meta.fill === null && meta.schema === SCHEMA_VERSION;

const isOfAnotherVersion = (meta: CacheMeta): boolean =>
  meta.cursor !== null && meta.fill === null && meta.schema !== SCHEMA_VERSION;

export function createOverlayKeeper(
  cache: CachePort,
  outbox: OutboxPort,
  session: () => SessionInfo | null,
): OverlayKeeper {
  /** Null: to be read again. */
  let known: Set<string> | null = null;
  let owing = false;
  /** Overlays as they were written last: most refreshes come to the same one, and writing it costs its words in the index. */
  const written = new Map<string, string>();
  /** Tickets whose base this version cannot read: what was laid over them stays as it is until a fill brings them anew. */
  const unread = new Set<string>();
  const overlaid = (): Set<string> => {
    known ??= new Set(cache.overlaid());
    return known;
  };
  const rolledBack = () => {
    known = null;
    written.clear();
    owing = true;
  };

  function rebase(tx: CacheTx, ticketIds: Iterable<string>, position: BasePosition, baseComplete: boolean): void {
    const current = session();
    if (current === null) return;
    const source = {
      session: current,
      directory: cache.directory(),
      ticketKnown: (id: string) => cache.base(id) !== null,
      otherTicket: (id: string) => cache.shown(id),
    };
    for (const ticketId of ticketIds) {
      const base = tx.base(ticketId);
      if (base === null && !tx.readable(ticketId)) {
        unread.add(ticketId);
        continue;
      }
      unread.delete(ticketId);
      const overlay = reconcile({
        ticketId,
        base,
        baseEpoch: position?.epoch ?? null,
        commands: outbox.live(ticketId, position),
        baseHolds: (commandId) => tx.baseHolds(commandId),
        baseComplete,
        contextOf: (command) => consoleContext(command.wire, source, formerVerdict(command)),
      });
      if (overlay !== null) {
        const text = JSON.stringify(overlay);
        if (written.get(ticketId) === text) continue;
        overlaid().add(ticketId);
        written.set(ticketId, text);
      } else {
        written.delete(ticketId);
        if (!overlaid().delete(ticketId)) continue;
      }
      tx.setOverlay(ticketId, overlay);
    }
  }

  function inTransaction(ticketIds: Iterable<string>): Result<null, StorageFailure> {
    const meta = cache.meta();
    const done = cache.transaction((tx) => {
      rebase(tx, ticketIds, positionOf(meta), isBaseComplete(meta));
      return null;
    });
    if (!done.ok) rolledBack();
    return done;
  }

  function rebuildAll(): Result<null, StorageFailure> {
    known = null;
    written.clear();
    const meta = cache.meta();
    const live = outbox.live(null, positionOf(meta)).map((command) => command.wire.ticketId);
    // What was laid over rows of another version stays until those are replaced: judged over them it might fall away.
    const ticketIds = isOfAnotherVersion(meta)
      ? new Set(live.filter((ticketId) => !overlaid().has(ticketId)))
      : new Set([...overlaid(), ...live]);
    const done: Result<null, StorageFailure> =
      ticketIds.size === 0 ? { ok: true, value: null } : inTransaction(ticketIds);
    owing = !done.ok;
    return done;
  }

  return {
    rebase,
    due(position) {
      const live = outbox.live(null, position).map((command) => command.wire.ticketId);
      return new Set([...overlaid(), ...unread, ...live]);
    },
    refresh: inTransaction,
    rebuildAll,
    rolledBack,
    owing: () => owing,
  };
}
