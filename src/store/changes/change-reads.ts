import type { DirectoryEntity } from '../../domain/directory.ts';
import type { ScopeKeys } from '../../domain/scope.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import { CHAIN_START } from '../../protocol/sync/command.ts';
import type { SnapshotEntity } from '../../protocol/sync/messages.ts';
import type { StoreDeskSettings } from '../desk-settings.ts';
import type { TicketScope } from '../scope/ticket-scope.ts';
import type { SearchTerm } from './search-words.ts';

/** A place in a desk's log: its number, and the hash of the log up to it. */
export interface LogPlace {
  readonly seq: number;
  readonly hash: string;
}
/** Where a desk's log ends, and in which epoch. */
export interface DeskHead {
  readonly deskId: string;
  readonly epoch: string;
  readonly head: number;
  readonly hash: string;
}
/** After a restore the same number may be of another history, or of another epoch. */
export const isSamePlace = (a: DeskHead, b: DeskHead): boolean =>
  a.head === b.head && a.hash === b.hash && a.epoch === b.epoch;
/** As many changes as most pulls bring, and some more. */
export const RECENT_ROWS = 50;
/** Hash of an empty log. */
export const LOG_START = CHAIN_START;

export interface DeskRow {
  readonly name: string;
  readonly epoch: string;
  /** When this epoch began by a restore; null when the store never was restored. */
  readonly restoredAt: Instant | null;
  /** Key of the seals of this desk's log; never leaves the store. */
  readonly sealKey: string;
  readonly settings: StoreDeskSettings;
}
export interface LogRow extends LogPlace {
  /** Equal for the rows of one transaction, which are neighbours. */
  readonly txid: number;
  readonly entity: string;
  readonly id: string;
  readonly previousVersion: number;
  /** Last place of this row in the whole log, as far as this state goes. */
  readonly lastSeq: number;
  /** Keys that a ticket had before this change; null: it was not there yet, or it is no ticket. */
  readonly before: LoggedKeys | null;
}
export interface LoggedKeys extends ScopeKeys {
  readonly closed: boolean;
}
/** The exact text of a row, and whether the scope and its window of closed tickets let it through now. */
export interface TicketRow {
  readonly id: string;
  readonly doc: string;
  readonly inScope: boolean;
  readonly inWindow: boolean;
}
export interface EntryRow {
  readonly ticketId: string;
  readonly doc: string;
}
/** A ticket that the log names after a place, as it is now, with its timeline beyond `after`: what it was before the first change there. */
export interface RecentTicket {
  readonly id: string;
  readonly after: number;
  readonly doc: string;
  readonly inScope: boolean;
  readonly closedRecordedAt: Instant | null;
  /** Documents of the entries; none where it is out of scope. */
  readonly entries: readonly string[];
}
export interface DirectoryRow {
  readonly id: string;
  readonly doc: string;
}
/** Rows of a fill as ready lines, which the database may have built: texts of a few lines each, without a line break at their ends. */
export interface Page {
  readonly texts: readonly string[];
  readonly rows: number;
  /** Key of the last row: its id; of an entry `<ticket id>:<seq, nine digits>`. Null when there is none. */
  readonly last: string | null;
}
/** Count and XOR of the digests (16 hex digits) of the rows of one bucket or entity. */
export interface Tally {
  readonly n: number;
  readonly x: string;
}
export interface RowDigest {
  readonly id: string;
  readonly x: string;
}

/** What a pull near the head needs, of one moment. */
export interface NearHead {
  readonly desk: DeskRow;
  /** Null where this log has no such place. */
  readonly cursorHash: string | null;
  readonly hashAtMark: string | null;
  /** Rows of the log after the cursor, in order: `RECENT_ROWS` and one more at most, which says that there are more. */
  readonly log: readonly LogRow[];
  /** The tickets that the first `RECENT_ROWS` of these name, in any order. */
  readonly tickets: readonly RecentTicket[];
}
export interface NearHeadAsked {
  readonly cursor: number;
  /** Place of a mark; null: none is asked of. */
  readonly mark: number | null;
  readonly scope: Pick<TicketScope, 'grant' | 'now'>;
}

export interface ChangedRow {
  readonly entity: string;
  readonly id: string;
}

/**
 * What pull, snapshot, digests and search ask of a database about one desk. It reads, and narrows tickets by a scope; what is
 * sent, in which order and up to where is decided by its callers. Methods called together may share a round trip.
 */
export interface ChangeReads {
  /** The desk must be there. */
  desk(): Promise<DeskRow>;
  /** Last place of the log; seq 0 before the first change. */
  head(): Promise<LogPlace>;
  /** Hash of the log up to a place; null where this log has no such place. */
  hashAt(seq: number): Promise<string | null>;
  /** Rows of the log after a place, in order. */
  logAfter(seq: number, limit: number): Promise<readonly LogRow[]>;
  /** The keys that each of these tickets had at the place and at every one after it; null: it was not there yet. */
  keysSince(seq: number, ids: readonly string[]): Promise<ReadonlyMap<string, readonly (LoggedKeys | null)[]>>;
  /** Those that exist, in any order. */
  tickets(ids: readonly string[], scope: TicketScope): Promise<readonly TicketRow[]>;
  /** Timelines beyond an entry's place (0: all of it), by ticket and place. */
  entriesAfter(wanted: readonly { readonly id: string; readonly after: number }[]): Promise<readonly EntryRow[]>;
  directoryRows(entity: DirectoryEntity, ids: readonly string[]): Promise<readonly DirectoryRow[]>;
  /** Last command of a chain; 0 for one never seen. */
  chainEnd(deviceId: string, incarnation: string): Promise<number>;
  /** Rows of one entity in the order of their keys, after a key that `Page.last` gave; null: from the first. */
  page(entity: SnapshotEntity, after: string | null, limit: number, scope: TicketScope): Promise<Page>;
  /** Rows of the whole fill, all entities. */
  countAll(scope: TicketScope): Promise<number>;

  /** By bucket, of the visible tickets. */
  ticketTallies(scope: TicketScope): Promise<readonly ({ readonly b: number } & Tally)[]>;
  directoryTallies(): Promise<readonly ({ readonly e: DirectoryEntity } & Tally)[]>;
  ticketDigests(buckets: readonly number[], scope: TicketScope): Promise<readonly RowDigest[]>;
  directoryDigests(entity: DirectoryEntity): Promise<readonly RowDigest[]>;
  /** Rows that the log names after a place; null when it has more than `limit` places there. */
  changedSince(seq: number, limit: number): Promise<readonly ChangedRow[] | null>;
  /** Texts of closed tickets in scope that are out of its window and have every term; newest closing at the store first. */
  searchClosed(terms: readonly SearchTerm[], limit: number, scope: TicketScope): Promise<readonly string[]>;
}

export interface ChangeStore {
  /** One fixed state of the desk for everything that `work` reads. */
  atOnce<T>(deskId: string, work: (reads: ChangeReads) => Promise<T>): Promise<T>;
  /** One fixed state of the desk, in one question: what nearly every pull asks. */
  nearHead(deskId: string, asked: NearHeadAsked): Promise<NearHead>;
  /** Each read sees what was committed before it. */
  live(deskId: string): ChangeReads;
}
