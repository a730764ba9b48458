import type { DirectoryEntity, DirectoryRows } from '../../src/domain/directory.ts';
import type { TimelineEntry } from '../../src/domain/events.ts';
import { CHAIN_START } from '../../src/protocol/sync/command.ts';
import type {
  AddedAttachment,
  AttachmentRef,
  DeskTransaction,
  DeskWrites,
  LoadedDirectory,
  StoredTicket,
} from '../../src/store/commands/desk-port.ts';
import { chainKey } from './commit.ts';
import { Conflict, type LockOwner, type LockTable } from './lock-table.ts';
import { type DeskState, hashAtPlace, type TicketRecord } from './memory-state.ts';

/** Where a transaction can be made to wait, to fail or to die. `committed`: its effects stand, its answer does not yet. */
export type DeskStep =
  | keyof DeskTransaction
  | 'begin'
  | 'commit'
  | 'committed'
  | 'mark'
  | 'openEpoch'
  | 'read'
  | 'readAtOnce';
/** Called before each step: a promise holds the step back, a rejection or a throw kills it there. */
export type Gate = (step: DeskStep) => Promise<void> | undefined;

export interface TransactionParts {
  /** What is committed now: each step reads it anew (READ COMMITTED). */
  readonly state: () => DeskState;
  readonly locks: LockTable;
  readonly owner: LockOwner;
  readonly gate: Gate;
  readonly staged: DeskWrites[];
  /** Throws when the database has gone away under the transaction. */
  readonly alive: () => void;
  readonly ownDevices: (accountId: string, ids: readonly string[]) => ReadonlySet<string>;
}

const stored = (record: TicketRecord): StoredTicket => ({
  ticket: record.doc.value,
  closedRecordedAt: record.closedRecordedAt,
});

function loadDirectory(state: DeskState, ids: readonly string[]): LoadedDirectory {
  const found: { [E in DirectoryEntity]: DirectoryRows[E][] } = {
    site: [],
    orgUnit: [],
    service: [],
    team: [],
    person: [],
    membership: [],
    asset: [],
  };
  const wanted = new Set(ids);
  for (const { entity, doc } of state.directory.values()) {
    const row = doc.value;
    const due =
      entity === 'membership'
        ? 'personId' in row && wanted.has(row.personId ?? '')
        : wanted.has(row.id) || (entity === 'team' && row.active && 'triage' in row && row.triage);
    if (due) (found[entity] as DirectoryRows[DirectoryEntity][]).push(row);
  }
  return found;
}

function waitingOn(record: TicketRecord | undefined): TimelineEntry[] {
  const entries = (record?.entries ?? []).map((doc) => doc.value);
  const arrived = new Set(entries.flatMap((e) => (e.event.type === 'attachmentArrived' ? [e.commandId] : [])));
  return entries.filter((entry) => entry.event.type === 'attachmentAdded' && !arrived.has(entry.commandId));
}

function addedOn(record: TicketRecord | undefined, { ticketId, attachmentId }: AttachmentRef): AddedAttachment[] {
  for (const { value } of record?.entries ?? []) {
    if (value.event.type !== 'attachmentAdded' || value.event.attachmentId !== attachmentId) continue;
    const { sha256, size } = value.event;
    return [{ ticketId, attachmentId, senderId: value.submitterId ?? value.actorId, sha256, size }];
  }
  return [];
}

/** The port of command processing over maps. Steps called together run one after another, as on one connection. */
export function createMemoryTransaction(parts: TransactionParts): DeskTransaction {
  const { state, locks, owner, gate, staged, alive } = parts;
  let busy: Promise<unknown> | null = null;

  /** At once where nothing holds it back: most steps need no turn of the loop. */
  function step<T>(name: DeskStep, work: () => T | Promise<T>): Promise<T> {
    const run = busy === null ? attempt(name, work) : busy.then(() => attempt(name, work));
    if (!(run instanceof Promise)) return Promise.resolve(run);
    const settled: Promise<unknown> = run.then(
      () => undefined,
      () => undefined,
    );
    busy = settled;
    void settled.then(() => {
      if (busy === settled) busy = null;
    });
    return run;
  }
  function attempt<T>(name: DeskStep, work: () => T | Promise<T>): T | Promise<T> {
    try {
      alive();
      const pause = gate(name);
      if (pause === undefined) return work();
      return pause.then(() => {
        alive();
        return work();
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** All of them in this order; undefined when none had to be waited for. */
  function lockAll(keys: readonly string[], from = 0): Promise<void> | undefined {
    for (let at = from; at < keys.length; at++) {
      // A step may still be on its way when its transaction has ended: it takes nothing any more.
      alive();
      const wait = locks.acquire(owner, keys[at] as string);
      if (wait !== undefined) return wait.then(() => lockAll(keys, at + 1));
    }
    return undefined;
  }
  function locked<T>(keys: readonly string[], then: () => T): T | Promise<T> {
    const wait = lockAll(keys);
    return wait === undefined ? then() : wait.then(then);
  }

  return {
    desk: () => step('desk', () => state().desk),
    hashAt: (seq) => step('hashAt', () => hashAtPlace(state().log, seq)),
    ownDevices: (accountId, ids) => step('ownDevices', () => parts.ownDevices(accountId, ids)),
    lockChains: (keys) =>
      step('lockChains', () =>
        locked(
          keys.map((key) => `chain ${chainKey(key)}`),
          () => keys.map((key) => state().chains.get(chainKey(key)) ?? { ...key, lastN: 0, lastHash: CHAIN_START }),
        ),
      ),
    storedCommands: (ids) =>
      step('storedCommands', () =>
        ids.flatMap((id) => {
          const row = state().commands.get(id);
          if (row === undefined) return [];
          const { deviceId, incarnation, n } = row.command;
          return [{ id, deviceId, incarnation, n, hash: row.hash, outcome: row.outcome }];
        }),
      ),
    lockOrphans: (ticketIds) =>
      step('lockOrphans', () =>
        locked(
          ticketIds.map((id) => `orphans ${id}`),
          () => {
            if (ticketIds.length === 0) return [];
            const wanted = new Set(ticketIds);
            return [...state().orphans.values()]
              .filter((orphan) => orphan.carriedAt === null && wanted.has(orphan.command.ticketId))
              .map(({ command, actor, recordedAt }) => ({ command, actor, recordedAt }));
          },
        ),
      ),
    lockTickets: (ids) =>
      step('lockTickets', () => {
        // One that is not there when the statement begins is neither locked nor seen by it.
        const known = ids.filter((id) => state().tickets.has(id));
        return locked(
          known.map((id) => `ticket ${id}`),
          () =>
            known.flatMap((id) => {
              const record = state().tickets.get(id);
              return record === undefined ? [] : [stored(record)];
            }),
        );
      }),
    loadDirectory: (ids) => step('loadDirectory', () => loadDirectory(state(), ids)),
    problemIds: (ids) =>
      step('problemIds', () => new Set(ids.filter((id) => state().tickets.get(id)?.doc.value.kind === 'problem'))),
    lockNumber: (year) => step('lockNumber', () => locked([`number ${year}`], () => state().numbers.get(year) ?? 0)),
    takenNumbers: (numbers) =>
      step('takenNumbers', () => new Set(numbers.filter((number) => state().ticketIdByNumber.has(number)))),
    waitingAttachments: (ticketIds) =>
      step('waitingAttachments', () => ticketIds.flatMap((id) => waitingOn(state().tickets.get(id)))),
    addedAttachments: (files) =>
      step('addedAttachments', () => files.flatMap((file) => addedOn(state().tickets.get(file.ticketId), file))),
    write: (writes) =>
      step('write', () => {
        // Whoever inserts a key that another transaction is inserting waits for how that one ends.
        const keys = [
          ...writes.inserted.map((row) => `new ticket ${row.ticket.id}`),
          ...writes.inserted.flatMap((row) => (row.ticket.number === null ? [] : [`new number ${row.ticket.number}`])),
          ...writes.commands.map((row) => `new command ${row.command.id}`),
        ];
        return locked(keys, () => {
          const now = state();
          for (const { ticket } of writes.inserted) {
            if (now.tickets.has(ticket.id)) throw new Conflict(`ticket ${ticket.id} is there`);
            if (ticket.number !== null && now.ticketIdByNumber.has(ticket.number)) {
              throw new Conflict(`number ${ticket.number} is given`);
            }
          }
          for (const { command } of writes.commands) {
            if (now.commands.has(command.id)) throw new Conflict(`command ${command.id} is there`);
          }
          staged.push(writes);
        });
      }),
  };
}
