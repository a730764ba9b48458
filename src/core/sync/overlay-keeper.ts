import type { SessionInfo } from '../../protocol/sync/auth.ts';
import { SCHEMA_VERSION } from '../../protocol/versions.ts';
import { ok, type Result } from '../../shared/result.ts';
import { sameJson } from '../../shared/same-json.ts';
import type { CacheMeta, CachePort, CacheTx, Overlay } from '../ports/cache.ts';
import type { BasePosition, OutboxPort, RecordedOutcome } from '../ports/outbox.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import { contextsOver } from './contexts-over.ts';
import { reconcile } from './reconcile.ts';

/**
 * Keeps in the cache what lies over the base. The outbox is always written first and the overlay is derived from it, so a
 * crash between the two files costs nothing: `rebuildAll` at the next start makes the overlays again.
 */
export interface OverlayKeeper {
  /**
   * Makes the overlays of these tickets again, as part of a transaction that changes their base, and those of tickets whose pending acts
   * look at them. Gives those whose overlay is another than before.
   */
  rebase(tx: CacheTx, ticketIds: Iterable<string>, position: BasePosition, baseComplete: boolean): readonly string[];
  /**
   * Tickets whose change of base may change an overlay: those that have one now or want one over a base that cannot be read
   * yet, those with live commands that the base held until now, such as what is owed to a restored store, and those that the pending
   * acts of others look at.
   */
  due(position: BasePosition): ReadonlySet<string>;
  /**
   * The same for a base that only went on from `from` in its epoch, by rows of `touched` tickets: what waits on any other ticket, and was
   * not answered on the way, lies over it as before.
   */
  dueAfter(from: number, position: BasePosition, touched: ReadonlySet<string>): ReadonlySet<string>;
  /** After the outbox changed. Gives the tickets whose overlay is another than before: others may be among them. */
  refresh(ticketIds: Iterable<string>): Result<readonly string[], StorageFailure>;
  /**
   * `refresh` after answers. One that was applied in the epoch of the base, and that the base has not caught up with, leaves what is shown
   * as it was: the command stays folded (invariant 4 of `reconcile`), and there was no doubt to take back.
   */
  answered(answers: readonly Answered[]): Result<readonly string[], StorageFailure>;
  rebuildAll(): Result<null, StorageFailure>;
  /** A transaction of the cache that held a `rebase` was rolled back: what it had noted here is read again. */
  rolledBack(): void;
  /** Overlays could not be written: `rebuildAll` makes up for it. */
  owing(): boolean;
}

/** A command that was asked, and what the store said; null: nothing yet. */
export interface Answered {
  readonly ticketId: string;
  readonly outcome: RecordedOutcome | null;
  /** It was answered before, in another epoch. */
  readonly again: boolean;
}

/** Where the base stands: the cursor, or the pin of a fill under way. */
export const positionOf = (meta: CacheMeta): BasePosition => {
  if (meta.fill !== null) return { epoch: meta.fill.epoch, cursor: meta.fill.pin };
  return meta.epoch !== null && meta.cursor !== null ? { epoch: meta.epoch, cursor: meta.cursor } : null;
};

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
  const written = new Map<string, Overlay>();
  /** Tickets whose base this version cannot read: what was laid over them stays as it is until a fill brings them anew. */
  const unread = new Set<string>();
  /** Tickets that the pending acts on a ticket were judged with, by that ticket. */
  const lookedAt = new Map<string, ReadonlySet<string>>();
  const overlaid = (): Set<string> => {
    known ??= new Set(cache.overlaid());
    return known;
  };
  const rolledBack = () => {
    known = null;
    written.clear();
    owing = true;
  };

  /** Tickets with pending acts that were judged with one of these. One level: whatever an act looked at by way of another is noted. */
  function lookers(at: ReadonlySet<string>): string[] {
    return [...lookedAt].flatMap(([ticketId, others]) =>
      !at.has(ticketId) && [...others].some((other) => at.has(other)) ? [ticketId] : [],
    );
  }

  const lookedAtNow = (): string[] => [...lookedAt.values()].flatMap((others) => [...others]);

  function rebase(
    tx: CacheTx,
    ticketIds: Iterable<string>,
    position: BasePosition,
    baseComplete: boolean,
  ): readonly string[] {
    const current = session();
    if (current === null) return [];
    const asked = new Set(ticketIds);
    const changed = rebaseEach(tx, asked, current, position, baseComplete);
    return [...changed, ...rebaseEach(tx, lookers(asked), current, position, baseComplete)];
  }

  function rebaseEach(
    tx: CacheTx,
    ticketIds: Iterable<string>,
    current: SessionInfo,
    position: BasePosition,
    baseComplete: boolean,
  ): readonly string[] {
    const changed: string[] = [];
    const baseHolds = (commandId: string) => tx.baseHolds(commandId);
    let looks = new Set<string>();
    const contextOf = contextsOver({
      session: current,
      directory: cache.directory(),
      outbox,
      position,
      base: (id) => tx.base(id),
      baseHolds,
      onLook: (id) => void looks.add(id),
    });
    for (const ticketId of ticketIds) {
      const base = tx.base(ticketId);
      if (base === null && !tx.readable(ticketId)) {
        unread.add(ticketId);
        continue;
      }
      unread.delete(ticketId);
      looks = new Set();
      const commands = outbox.live(ticketId, position);
      const baseEpoch = position?.epoch ?? null;
      const overlay = reconcile({ ticketId, base, baseEpoch, commands, baseHolds, baseComplete, contextOf });
      if (looks.size === 0) lookedAt.delete(ticketId);
      else lookedAt.set(ticketId, looks);
      if (overlay !== null) {
        if (sameJson(written.get(ticketId), overlay)) continue;
        overlaid().add(ticketId);
        written.set(ticketId, overlay);
      } else {
        written.delete(ticketId);
        if (!overlaid().delete(ticketId)) continue;
      }
      tx.setOverlay(ticketId, overlay);
      changed.push(ticketId);
    }
    return changed;
  }

  function inTransaction(ticketIds: Iterable<string>): Result<readonly string[], StorageFailure> {
    const meta = cache.meta();
    const done = cache.transaction((tx) => rebase(tx, ticketIds, positionOf(meta), isBaseComplete(meta)));
    if (!done.ok) rolledBack();
    return done;
  }

  function answered(answers: readonly Answered[]): Result<readonly string[], StorageFailure> {
    const position = positionOf(cache.meta());
    const stays = ({ ticketId, outcome, again }: Answered): boolean =>
      !again &&
      outcome?.state === 'applied' &&
      position !== null &&
      outcome.ackEpoch === position.epoch &&
      outcome.ackHead !== null &&
      outcome.ackHead > position.cursor &&
      written.get(ticketId)?.doubts.length === 0 &&
      outcome.outcome.ticketVersion !== null &&
      (cache.base(ticketId)?.version ?? 0) < outcome.outcome.ticketVersion;
    const changed = new Set(answers.filter((answer) => !stays(answer)).map(({ ticketId }) => ticketId));
    return changed.size === 0 ? ok([]) : inTransaction(changed);
  }

  function rebuildAll(): Result<null, StorageFailure> {
    known = null;
    written.clear();
    const meta = cache.meta();
    const live = outbox.liveTickets(positionOf(meta));
    // What was laid over rows of another version stays until those are replaced: judged over them it might fall away.
    const ticketIds = isOfAnotherVersion(meta)
      ? new Set(live.filter((ticketId) => !overlaid().has(ticketId)))
      : new Set([...overlaid(), ...live]);
    const done = ticketIds.size === 0 ? ok([]) : inTransaction(ticketIds);
    owing = !done.ok;
    return done.ok ? ok(null) : done;
  }

  return {
    rebase,
    due(position) {
      return new Set([...overlaid(), ...unread, ...outbox.liveTickets(position), ...lookedAtNow()]);
    },
    dueAfter(from, position, touched) {
      const settled = position === null ? [] : outbox.settledTickets(position.epoch, from, position.cursor);
      const live = new Set([...outbox.liveTickets(position), ...lookedAtNow()]);
      const hit = [...touched].filter((ticketId) => overlaid().has(ticketId) || live.has(ticketId));
      return new Set([...hit, ...settled, ...unread]);
    },
    refresh: inTransaction,
    answered,
    rebuildAll,
    rolledBack,
    owing: () => owing,
  };
}
