import type { NamedFile } from '../../domain/attachments.ts';
import type { DeskSettings } from '../../domain/desk-settings.ts';
import type { DirectoryRows } from '../../domain/directory.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
import type { LogMark } from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';

/** A chain of commands: one device in one incarnation. */
export interface ChainKey {
  readonly deviceId: string;
  readonly incarnation: string;
}
export interface ChainHead extends ChainKey {
  readonly lastN: number;
  readonly lastHash: string;
}
export interface StoredCommand {
  readonly id: string;
  readonly deviceId: string;
  readonly incarnation: string;
  readonly n: number;
  readonly hash: string;
  /** Exact bytes of the first answer (SY11). */
  readonly outcome: string;
}
export interface StoredTicket {
  readonly ticket: Ticket;
  /** The store's time of closing or cancelling; null while not closed. */
  readonly closedRecordedAt: Instant | null;
}
export interface NewCommand {
  readonly command: WireCommand;
  readonly hash: string;
  readonly accountId: string;
  readonly refused: boolean;
  readonly recordedAt: Instant;
  readonly outcome: string;
}
/**
 * A command answered before a restore, sent again while its ticket is not there: its register is still with a console that has
 * not come back (SY14). It is carried out once, in the transaction that brings the ticket.
 */
export interface Orphan {
  readonly command: WireCommand;
  /** The author with the rights of the moment of receipt. */
  readonly actor: Actor;
  readonly recordedAt: Instant;
}
export interface NewOrphan extends Orphan {
  /** Set when its ticket came later in the same batch. */
  readonly carriedAt: Instant | null;
}
export interface AttachmentRef {
  readonly ticketId: string;
  readonly attachmentId: string;
}
/** A file on a ticket's timeline. */
export type AddedAttachment = AttachmentRef & NamedFile;
export interface DeskState {
  readonly settings: DeskSettings;
  readonly epoch: string;
  /** Key of the seals of this desk's log; never leaves the store. */
  readonly sealKey: string;
  /** When this epoch began by a restore; null when the desk never was restored. */
  readonly restoredAt: Instant | null;
}
export interface DeskWrites {
  readonly commands: readonly NewCommand[];
  readonly inserted: readonly StoredTicket[];
  readonly updated: readonly StoredTicket[];
  readonly entries: readonly TimelineEntry[];
  readonly chains: readonly ChainHead[];
  readonly numbers: ReadonlyMap<number, number>;
  /** In order of receipt. */
  readonly orphans: readonly NewOrphan[];
  /** Commands of waiting orphans that were carried out now. */
  readonly carried: readonly string[];
  /** Time of the batch. */
  readonly recordedAt: Instant;
}
export type LoadedDirectory = { readonly [E in keyof DirectoryRows]: readonly DirectoryRows[E][] };

/**
 * One transaction on one desk: everything that command processing asks of a database. Every read sees what was committed
 * before it, and the writes become visible together with their places in the change log.
 *
 * Order of locks, the same for every caller, so that two pushes cannot wait for each other: chains, ids of tickets that may not be
 * there, tickets, numbers; each sorted. Methods called together run in the order of the calls, one after another, for one round trip; the first call of
 * a transaction is `ownDevices`, `lockChains` or `lockTickets`.
 */
export interface DeskTransaction {
  desk(): Promise<DeskState>;
  /** Hash of the log at a place; null where it has no such place. */
  hashAt(seq: number): Promise<string | null>;
  /** Devices of the account among those named. */
  ownDevices(accountId: string, deviceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Heads in any order, at 0 for a chain never seen; each stays locked. `keys` are sorted and unique. */
  lockChains(keys: readonly ChainKey[]): Promise<readonly ChainHead[]>;
  storedCommands(ids: readonly string[]): Promise<readonly StoredCommand[]>;
  /**
   * Holds the ids of tickets that may not be there yet until the transaction ends: whoever makes such a ticket and whoever leaves
   * an orphan for it come one after the other. Gives the orphans that wait for them, in order of receipt. `ticketIds` are sorted
   * and unique.
   */
  lockOrphans(ticketIds: readonly string[]): Promise<readonly Orphan[]>;
  /** Those that exist; each stays locked. `ids` are sorted and unique. */
  lockTickets(ids: readonly string[]): Promise<readonly StoredTicket[]>;
  /** Rows with these ids, memberships of these people, and the triage team. */
  loadDirectory(ids: readonly string[]): Promise<LoadedDirectory>;
  /** Those of the ids that are tickets of kind problem. */
  problemIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Last official number of that year, locked; 0 when there is none yet. */
  lockNumber(year: number): Promise<number>;
  /** Those of the official numbers that a ticket has. */
  takenNumbers(numbers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Entries `attachmentAdded` of these tickets whose files have not arrived, in any order. Asked with the tickets locked. */
  waitingAttachments(ticketIds: readonly string[]): Promise<readonly TimelineEntry[]>;
  /** Those of the files that stand on a timeline, of two under one id the first. Asked with the tickets locked. */
  addedAttachments(files: readonly AttachmentRef[]): Promise<readonly AddedAttachment[]>;
  /** Comes last, once at most: an adapter may send the commit right behind it. */
  write(writes: DeskWrites): Promise<void>;
}

/** `conflict`: another transaction was in the way (deadlock, serialisation, the same id at the same moment): run it again. */
export type TransactFailure = 'conflict';

export interface DeskStore {
  /** Commits when `work` resolves; any rejection rolls back. Rejects only for bugs and for a database that is not there. */
  transact<T>(deskId: string, work: (tx: DeskTransaction) => Promise<T>): Promise<Result<T, TransactFailure>>;
  /**
   * `transact`, and right behind its commit the sealed place of the desk's last change: all effects of `work` are at or before it.
   * `sessionId`: whose work it is, and who learns of it by the answer.
   */
  transactMarked<T>(
    deskId: string,
    sessionId: string,
    work: (tx: DeskTransaction) => Promise<T>,
  ): Promise<Result<{ readonly value: T; readonly mark: LogMark }, TransactFailure>>;
  /** Sealed place of the last change of the desk; epoch, place and hash are of one moment. */
  mark(deskId: string): Promise<LogMark>;
  /** Puts a new epoch in the place of `from`, begun by a restore at `at`. False: the desk is in another epoch already. */
  openEpoch(
    deskId: string,
    epoch: { readonly from: string; readonly to: string; readonly at: Instant },
  ): Promise<boolean>;
}
