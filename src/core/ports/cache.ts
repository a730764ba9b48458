import type { Attachment } from '../../domain/attachments.ts';
import type { DirectoryEntity, DirectoryLookup } from '../../domain/directory.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { SnapshotEntity } from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';
import type { PageRows } from './page-rows.ts';
import type { StorageFailure } from './storage-failure.ts';
import type { StoreRow } from './store-client.ts';

/** How far a fill got. A fill that was interrupted goes on from here. */
export interface FillProgress {
  readonly epoch: string;
  /** Position of the log when the fill began: deltas go on from it. */
  readonly pin: number;
  readonly logHash: string;
  readonly seal: string;
  readonly scopeVersion: string;
  readonly entity: SnapshotEntity;
  /** Key of the last row of the last page of `entity`; null at its first page. */
  readonly after: string | null;
  readonly done: number;
  readonly total: number | null;
}
export interface CacheMeta {
  readonly epoch: string | null;
  /** Null before the first fill has ended. */
  readonly cursor: number | null;
  readonly logHash: string | null;
  /** Seal of (epoch, cursor, logHash): the three and this one are the log mark of the cursor. */
  readonly seal: string | null;
  readonly scopeVersion: string | null;
  /** SCHEMA_VERSION of the rows held. */
  readonly schema: number | null;
  readonly fill: FillProgress | null;
  /** The deltas after the last fill have been replayed: SY4 and SY6 hold from here. */
  readonly caughtUp: boolean;
}

export interface Doubt {
  readonly commandId: string;
  readonly refusal: Refusal;
}
/** What lies over the base of one ticket. `ticket` null: neither base nor commands make one. */
export interface Overlay {
  readonly ticket: Ticket | null;
  /** Optimistic entries in order; one whose id is in the base is left out by the cache. */
  readonly entries: readonly TimelineEntry[];
  readonly doubts: readonly Doubt[];
}

/**
 * Inside one transaction: all of it becomes visible to the reader at once, or nothing.
 * Base rows and overlay: a ticket without overlay has one row, its base. Setting an overlay keeps a copy of the base and
 * puts the overlaid ticket in its place; every later `upsert` of that ticket goes to the copy until the overlay is cleared.
 */
export interface CacheTx {
  /** Rows of the store, gated: a ticket or directory row of the same fill with a version not above the stored one is left. */
  upsert(rows: readonly StoreRow[]): void;
  /** The same with a page of a fill, between `beginFill` and `endFill`. */
  fill(rows: PageRows): void;
  /** Takes a ticket with its entries out of the base. An overlay on it stays. */
  removeTicket(ticketId: string): void;
  removeDirectoryRow(entity: DirectoryEntity, id: string): void;
  /** The base of a ticket, overlay aside. */
  base(ticketId: string): Ticket | null;
  /**
   * False: a base is held and this version of the app cannot read it, because another one wrote it; `base` says null. A fill
   * replaces it.
   */
  readable(ticketId: string): boolean;
  /** True when the base holds an entry made by this command: its effect came with a pull, though its answer was lost. */
  baseHolds(commandId: string): boolean;
  setOverlay(ticketId: string, overlay: Overlay | null): void;
  setMeta(meta: CacheMeta): void;
  /**
   * Rows of earlier fills stay readable while a new fill replaces them: from here on any row from the store overwrites one of an
   * earlier fill whatever its version.
   */
  beginFill(): void;
  /** Drops every base row that this fill did not send. */
  endFill(): void;
}

export interface RowDigest {
  readonly e: 'ticket' | DirectoryEntity;
  readonly id: string;
  /** 16 hex digits. */
  readonly x: string;
}

/** `cache.db` of one profile (WAL, synchronous=NORMAL): can be rebuilt at any time. Synchronous. */
export interface CachePort {
  /** Bumped by every committed transaction and kept in the file, so that the reader's answers can carry it. */
  revision(): number;
  meta(): CacheMeta;
  /** A throw inside `work` rolls back and goes through. */
  transaction<T>(work: (tx: CacheTx) => T): Result<T, StorageFailure>;
  /** What the screen shows: base ⊕ pending. Null for a row that another version of the app wrote and this one cannot read. */
  shown(ticketId: string): Ticket | null;
  base(ticketId: string): Ticket | null;
  /** Files of a ticket as its timeline shows them, pending ones too. */
  attachments(ticketId: string): readonly Attachment[];
  /**
   * Base rows with their digests, computed from the text that is in the file now (`protocol/sync/messages.ts` says how), in
   * the order of an opaque key, from behind `after`, at most `limit`; `next` null: there are no more. Directory rows come first.
   */
  digests(after: string | null, limit: number): { readonly rows: readonly RowDigest[]; readonly next: string | null };
  /** Tickets with an overlay now. */
  overlaid(): readonly string[];
  /** Reads the rows at the time of each call, inside a transaction too. */
  directory(): DirectoryLookup;
  /** Number of the first base entry of a ticket that the store recorded at this instant or later; null when there is none. */
  firstSeqSince(ticketId: string, recordedAt: number): number | null;
  /** Latest `recordedAt` of any base ticket; null when there is none. */
  latestRecordedAt(): number | null;
  /** A read, which throws then, found the file damaged; until `wipe`. A write that does says so in its answer. */
  damaged(): boolean;
  /** Drops the file and makes an empty one: no epoch, no cursor, no overlay. */
  wipe(): Result<null, StorageFailure>;
}
