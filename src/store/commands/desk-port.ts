import type { DeskSettings } from '../../domain/desk-settings.ts';
import type { DirectoryRows } from '../../domain/directory.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
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
export interface DeskWrites {
  readonly commands: readonly NewCommand[];
  readonly inserted: readonly StoredTicket[];
  readonly updated: readonly StoredTicket[];
  readonly entries: readonly TimelineEntry[];
  readonly chains: readonly ChainHead[];
  readonly numbers: ReadonlyMap<number, number>;
}
export type LoadedDirectory = { readonly [E in keyof DirectoryRows]: readonly DirectoryRows[E][] };

/**
 * One transaction on one desk: everything that command processing asks of a database. Every read sees what was committed
 * before it, and the writes become visible together with their places in the change log.
 *
 * Order of locks, the same for every caller, so that two pushes cannot wait for each other: chains, tickets, numbers;
 * each sorted. Methods called together run in the order of the calls, one after another, for one round trip; the first call of
 * a transaction is `ownDevices` or `lockChains`.
 */
export interface DeskTransaction {
  settings(): Promise<DeskSettings>;
  /** Devices of the account among those named. */
  ownDevices(accountId: string, deviceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Heads in any order, at 0 for a chain never seen; each stays locked. `keys` are sorted and unique. */
  lockChains(keys: readonly ChainKey[]): Promise<readonly ChainHead[]>;
  storedCommands(ids: readonly string[]): Promise<readonly StoredCommand[]>;
  /** Those that exist; each stays locked. `ids` are sorted and unique. */
  lockTickets(ids: readonly string[]): Promise<readonly StoredTicket[]>;
  /** Rows with these ids, memberships of these people, and the triage team. */
  loadDirectory(ids: readonly string[]): Promise<LoadedDirectory>;
  /** Those of the ids that are tickets of kind problem. */
  problemIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Last official number of that year, locked; 0 when there is none yet. */
  lockNumber(year: number): Promise<number>;
  write(writes: DeskWrites): Promise<void>;
}

/** `conflict`: another transaction was in the way (deadlock, serialisation, the same id at the same moment): run it again. */
export type TransactFailure = 'conflict';

export interface DeskStore {
  /** Commits when `work` resolves; any rejection rolls back. Rejects only for bugs and for a database that is not there. */
  transact<T>(deskId: string, work: (tx: DeskTransaction) => Promise<T>): Promise<Result<T, TransactFailure>>;
  /** Place of the last change of the desk. */
  head(deskId: string): Promise<number>;
}
