import type { DirectoryEntity, DirectoryRows } from '../../src/domain/directory.ts';
import type { TimelineEntry } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Instant, Role } from '../../src/domain/vocabulary.ts';
import { LOG_START, type LoggedKeys } from '../../src/store/changes/change-reads.ts';
import type { ChainHead, NewCommand, NewOrphan } from '../../src/store/commands/desk-port.ts';
import type { StoreDeskSettings } from '../../src/store/desk-settings.ts';
import type { Doc, Texts } from './doc.ts';

/** Rows are never changed in place, so a copy of the maps is a copy of the database. */
export interface TicketRecord {
  readonly doc: Doc<Ticket>;
  readonly closedRecordedAt: Instant | null;
  /** Of a closed ticket: its requester's name when it was written, by which the search finds it. */
  readonly requesterName: string;
  /** The timeline: `entries[i]` has seq i + 1. */
  readonly entries: readonly Doc<TimelineEntry>[];
}
export interface DirectoryRecord {
  readonly entity: DirectoryEntity;
  readonly doc: Doc<DirectoryRows[DirectoryEntity]>;
}
export interface LogRecord {
  readonly seq: number;
  readonly txid: number;
  readonly entity: string;
  readonly id: string;
  readonly version: number;
  readonly previousVersion: number;
  readonly before: LoggedKeys | null;
  readonly hash: string;
}
export interface GrantRecord {
  readonly kind: 'site' | 'team' | 'everything';
  readonly targetId: string;
}
export interface AccountRecord {
  readonly id: string;
  readonly personId: string;
  readonly role: Role;
  readonly actOnBehalf: boolean;
  readonly revokedAt: Instant | null;
  readonly grants: readonly GrantRecord[];
}
export interface DeviceRecord {
  readonly id: string;
  readonly accountId: string;
  readonly prefix: string;
  readonly revokedAt: Instant | null;
  readonly wipedAt: Instant | null;
}
export interface DeskRecord {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly restoredAt: Instant | null;
  readonly sealKey: string;
  readonly settings: StoreDeskSettings;
  readonly settingsText: string;
}

/** Everything that is committed: what a backup holds. */
export interface DeskState {
  /** Shared by all states of a desk. */
  readonly texts: Texts;
  desk: DeskRecord;
  tickets: Map<string, TicketRecord>;
  ticketIdByNumber: Map<string, string>;
  directory: Map<string, DirectoryRecord>;
  /** Another one whenever the directory changed. */
  directoryAsOf: object;
  commands: Map<string, NewCommand>;
  /** By `<device> <incarnation>`. */
  chains: Map<string, ChainHead>;
  numbers: Map<number, number>;
  /** By command id, in order of receipt. */
  orphans: Map<string, NewOrphan>;
  accounts: Map<string, AccountRecord>;
  devices: Map<string, DeviceRecord>;
  log: LogRecord[];
  lastSeqById: Map<string, number>;
  /** Last number that the log's sequence gave. */
  lastSeq: number;
  lastTxid: number;
  /** Readers that need this very state: a commit meanwhile makes a new one. */
  pins: number;
}

export const emptyState = (desk: DeskRecord): DeskState => ({
  texts: new Map(),
  desk,
  tickets: new Map(),
  ticketIdByNumber: new Map(),
  directory: new Map(),
  directoryAsOf: {},
  commands: new Map(),
  chains: new Map(),
  numbers: new Map(),
  orphans: new Map(),
  accounts: new Map(),
  devices: new Map(),
  log: [],
  lastSeqById: new Map(),
  lastSeq: 0,
  lastTxid: 0,
  pins: 0,
});

export const copyState = (state: DeskState): DeskState => ({
  texts: state.texts,
  desk: state.desk,
  tickets: new Map(state.tickets),
  ticketIdByNumber: new Map(state.ticketIdByNumber),
  directory: new Map(state.directory),
  directoryAsOf: state.directoryAsOf,
  commands: new Map(state.commands),
  chains: new Map(state.chains),
  numbers: new Map(state.numbers),
  orphans: new Map(state.orphans),
  accounts: new Map(state.accounts),
  devices: new Map(state.devices),
  log: state.log.slice(),
  lastSeqById: new Map(state.lastSeqById),
  lastSeq: state.lastSeq,
  lastTxid: state.lastTxid,
  pins: 0,
});

/** Index of the first row of the log after a place. */
export function logIndexAfter(log: readonly LogRecord[], seq: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Hash of the log at a place; null where it has no such place. */
export function hashAtPlace(log: readonly LogRecord[], seq: number): string | null {
  if (seq === 0) return LOG_START;
  const row = log[logIndexAfter(log, seq) - 1];
  return row?.seq === seq ? row.hash : null;
}
