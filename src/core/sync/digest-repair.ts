import type { DirectoryLookup } from '../../domain/directory.ts';
import { inScope, scopeKeysOf } from '../../domain/scope.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { SessionInfo } from '../../protocol/sync/auth.ts';
import type { Result } from '../../shared/result.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { StoreRow } from '../ports/store-client.ts';
import { type RowKey, rowName } from './digest-compare.ts';
import { isBaseComplete, positionOf } from './overlay-keeper.ts';
import type { SyncContext } from './sync-context.ts';

/** One row of the store, a ticket with all its entries. */
interface Whole {
  readonly key: RowKey;
  readonly version: number;
  readonly rows: StoreRow[];
}

export interface Repaired {
  /** Rows written anew or taken out, as named by `rowName`. */
  readonly mended: readonly string[];
  /** Of them those that differed in truth: all but the ones that only aged out of what a console holds. */
  readonly differed: number;
}

/**
 * Puts rows as the store has them in the place of those held, and takes out the ones it does not send, in one transaction with
 * their overlays: what a store transaction changed together is mended together (SY6). A row is never taken back to an
 * earlier version than the one held (SY8); such a one stays as it is, and the next check finds it again.
 */
export function repair(
  context: SyncContext,
  session: SessionInfo,
  fetched: readonly StoreRow[],
  extra: readonly RowKey[],
): Result<Repaired, StorageFailure> {
  const { cache, overlays, hub } = context;
  const meta = cache.meta();
  const mended: string[] = [];
  const tickets: string[] = [];
  let directory = false;
  let aged = 0;
  const done = cache.transaction((tx) => {
    const lookup = cache.directory();
    for (const { key, version, rows } of wholes(fetched)) {
      if (key.e === 'ticket') {
        if ((tx.base(key.id)?.version ?? 0) > version) continue;
        tx.removeTicket(key.id);
        tickets.push(key.id);
      } else {
        if ((directoryVersion(lookup, key) ?? 0) > version) continue;
        tx.removeDirectoryRow(key.e, key.id);
        directory = true;
      }
      tx.upsert(rows);
      mended.push(rowName(key));
    }
    for (const key of extra) {
      if (key.e === 'ticket') {
        const held = tx.base(key.id);
        if (held !== null && agesOut(held, session, context.time.storeNow())) aged += 1;
        tx.removeTicket(key.id);
        tickets.push(key.id);
      } else {
        tx.removeDirectoryRow(key.e, key.id);
        directory = true;
      }
      mended.push(rowName(key));
    }
    // Pending acts are judged with the directory too.
    const due = overlays.due(positionOf(meta));
    const again = directory ? due : tickets.filter((ticketId) => due.has(ticketId));
    tickets.push(...overlays.rebase(tx, again, positionOf(meta), isBaseComplete(meta)));
    return { mended, differed: mended.length - aged };
  });
  if (!done.ok || mended.length === 0) return done;
  if (directory) hub.emit('directory');
  if (tickets.length > 0) {
    hub.emit('queue', { count: tickets.length });
    hub.emit('ticket', { count: tickets.length });
    hub.emit('away', { count: tickets.length });
  }
  return done;
}

/** Rows by what they belong to. Entries without their ticket are left out: the store sends it with them. */
function wholes(rows: readonly StoreRow[]): Iterable<Whole> {
  const found = new Map<string, Whole>();
  for (const row of rows) {
    if (row.entity === 'entry') {
      found.get(rowName({ e: 'ticket', id: row.row.ticketId }))?.rows.push(row);
      continue;
    }
    const key: RowKey = { e: row.entity, id: row.row.id };
    found.set(rowName(key), { key, version: row.row.version, rows: [row] });
  }
  return found.values();
}

/** Version held; null when none is, or for memberships, which nothing but their presence is read of. */
function directoryVersion(lookup: DirectoryLookup, { e, id }: RowKey): number | null {
  if (e === 'ticket' || e === 'membership') return null;
  return lookup[e](id)?.version ?? null;
}

/**
 * Nobody tells a console that time took a ticket out of what it holds: a closed one leaves the desk's window, one's own leaves
 * the days of its author.
 */
function agesOut(ticket: Ticket, session: SessionInfo, now: number): boolean {
  const ended = ticket.status === 'closed' || ticket.status === 'cancelled';
  return ended || !inScope(session.grant, scopeKeysOf(ticket), now);
}
