import { err, ok, type Result } from '../../src/shared/result.ts';
import type { Principal } from '../../src/store/auth/principal.ts';
import { type ChangeStore, LOG_START } from '../../src/store/changes/change-reads.ts';
import type { DeskStore, DeskWrites, TransactFailure } from '../../src/store/commands/desk-port.ts';
import { defaultStoreDeskSettings, type StoreDeskSettings } from '../../src/store/desk-settings.ts';
import { markOf } from '../../src/store/epoch/seal.ts';
import { commitDirectory, commitWrites, type DirectoryChange } from './commit.ts';
import { Conflict, DatabaseGone, type LockOwner, LockTable, newOwner } from './lock-table.ts';
import { memoryPrincipals } from './memory-principals.ts';
import { memoryNearHead, memoryReads } from './memory-reads.ts';
import { type AccountRecord, copyState, type DeskState, type DeviceRecord, emptyState } from './memory-state.ts';
import { createMemoryTransaction, type Gate } from './memory-transaction.ts';

export interface MemoryDeskOptions {
  readonly deskId: string;
  readonly name: string;
  readonly epoch: string;
  readonly sealKey: string;
  readonly settings?: Partial<StoreDeskSettings>;
  /** Devices of an account among those named, where sessions are kept elsewhere; else those of `putDevice`. */
  readonly ownDevices?: (accountId: string, ids: readonly string[]) => ReadonlySet<string>;
}

/** What was committed at a moment; restoring it takes the desk back there. */
export interface DeskBackup {
  readonly state: DeskState;
}

export interface Connection {
  readonly desks: DeskStore;
  readonly changes: ChangeStore;
  /** What runs on it dies with `DatabaseGone`, its locks are free at once, nothing uncommitted stays. It may be used again. */
  cut(): void;
}

/** One desk in memory, behind the same two ports as the one on PostgreSQL; several store processes may share it. */
export interface MemoryDesk {
  readonly deskId: string;
  /** The ports as one store process sees them; its gate can hold back, fail or kill each step. */
  connect(gate?: Gate): Connection;
  /** What is committed now. Not to be changed. */
  state(): DeskState;
  /** The row whose exact text this is, not to be changed; parsed anew when the desk never gave such a text. */
  rowOf(text: string): unknown;
  backup(): DeskBackup;
  /** Every transaction under way dies; what is committed becomes that of the backup. Epochs are the store's affair. */
  restore(backup: DeskBackup): void;
  /** Every transaction and every read under way dies with `DatabaseGone`, as when the server is restarted. */
  disconnectAll(): void;
  /** Calls back after every commit that reached the log, with the head: the wake of pokes. */
  onCommit(listener: (head: number) => void): () => void;
  /** Tells an observer what each commit wrote (nothing, for rows of the directory), before anybody else can see it. */
  watch(observer: (writes: readonly DeskWrites[], state: DeskState) => void): void;

  putDirectory(changes: readonly DirectoryChange[]): void;
  putAccount(account: AccountRecord): void;
  putDevice(device: DeviceRecord): void;
  setSettings(settings: Partial<StoreDeskSettings>): void;
  /** The principal of a session of this account on this device, by its rights of this moment. */
  principal(accountId: string, deviceId: string): Principal;
}

const noGate: Gate = () => undefined;

export function createMemoryDesk(options: MemoryDeskOptions): MemoryDesk {
  const { deskId, name, epoch, sealKey } = options;
  const settings: StoreDeskSettings = { ...defaultStoreDeskSettings, ...options.settings };
  const settingsText = JSON.stringify(settings);
  let current = emptyState({ id: deskId, name, epoch, restoredAt: null, sealKey, settings, settingsText });
  let locks = new LockTable();
  /** Goes up when everything under way dies. */
  let life = 0;
  const listeners = new Set<(head: number) => void>();
  const observers: ((writes: readonly DeskWrites[], state: DeskState) => void)[] = [];
  const principals = memoryPrincipals();
  const ownDevices =
    options.ownDevices ??
    ((accountId: string, ids: readonly string[]) =>
      new Set(ids.filter((id) => current.devices.get(id)?.accountId === accountId)));

  /** The state to write to: a reader that needs the present one keeps it. */
  function writable(): DeskState {
    if (current.pins > 0) current = copyState(current);
    return current;
  }
  function told<T>(writes: readonly DeskWrites[], write: (state: DeskState) => T): T {
    const before = current.lastSeq;
    const result = write(writable());
    for (const observer of observers) observer(writes, current);
    if (current.lastSeq > before) for (const listener of [...listeners]) listener(current.lastSeq);
    return result;
  }
  function checkDesk(id: string): void {
    if (id !== deskId) throw new Error(`there is no desk ${id}`);
  }
  function connect(gate: Gate = noGate): Connection {
    /** Goes up when this connection is cut. */
    let cuts = 0;
    const owners = new Set<LockOwner>();
    const aliveNow = (): (() => void) => {
      const [born, whole] = [life, cuts];
      return () => {
        if (life !== born || cuts !== whole) throw new DatabaseGone('the database went away');
      };
    };
    const paused = async <T>(step: Parameters<Gate>[0], work: () => T): Promise<T> => {
      const alive = aliveNow();
      await gate(step);
      alive();
      return work();
    };
    const desks: DeskStore = {
      mark: (id) =>
        paused('mark', () => {
          checkDesk(id);
          const last = current.log.at(-1);
          return markOf(current.desk, { seq: last?.seq ?? 0, hash: last?.hash ?? LOG_START });
        }),
      openEpoch: (id, { from, to, at }) =>
        paused('openEpoch', () => {
          checkDesk(id);
          if (current.desk.epoch !== from) return false;
          const state = writable();
          state.desk = { ...state.desk, epoch: to, restoredAt: at };
          return true;
        }),
      async transact(id, work): Promise<Result<Awaited<ReturnType<typeof work>>, TransactFailure>> {
        checkDesk(id);
        const connected = aliveNow();
        let ended = false;
        const alive = () => {
          if (ended) throw new DatabaseGone('its transaction has ended');
          connected();
        };
        const owner = newOwner();
        owners.add(owner);
        const mine = locks;
        const staged: DeskWrites[] = [];
        try {
          const pause = gate('begin');
          if (pause !== undefined) await pause;
          const tx = createMemoryTransaction({
            state: () => current,
            locks: mine,
            owner,
            gate,
            staged,
            alive,
            ownDevices,
          });
          const value = await work(tx);
          const hold = gate('commit');
          if (hold !== undefined) await hold;
          alive();
          if (staged.length > 0) told(staged, (state) => commitWrites(state, staged));
          mine.releaseAll(owner);
          const after = gate('committed');
          if (after !== undefined) await after;
          // What is committed stays; who was cut off is not told.
          connected();
          return ok(value);
        } catch (error) {
          if (error instanceof Conflict) return err('conflict');
          throw error;
        } finally {
          ended = true;
          owners.delete(owner);
          mine.releaseAll(owner);
        }
      },
      async transactMarked(id, _sessionId, work) {
        const done = await desks.transact(id, work);
        return done.ok ? ok({ value: done.value, mark: await desks.mark(id) }) : done;
      },
    };
    const changes: ChangeStore = {
      live: (id) => {
        checkDesk(id);
        const alive = aliveNow();
        return memoryReads(
          () => {
            alive();
            return current;
          },
          () => gate('read'),
        );
      },
      async nearHead(id, asked) {
        checkDesk(id);
        const alive = aliveNow();
        const pause = gate('readAtOnce');
        if (pause !== undefined) await pause;
        alive();
        return memoryNearHead(current, asked);
      },
      async atOnce(id, work) {
        checkDesk(id);
        const alive = aliveNow();
        const pause = gate('readAtOnce');
        if (pause !== undefined) await pause;
        alive();
        const pinned = current;
        pinned.pins += 1;
        try {
          return await work(
            memoryReads(
              () => {
                alive();
                return pinned;
              },
              () => gate('read'),
            ),
          );
        } finally {
          pinned.pins -= 1;
        }
      },
    };
    return {
      desks,
      changes,
      cut() {
        cuts += 1;
        for (const owner of owners) locks.releaseAll(owner);
      },
    };
  }

  function disconnectAll(): void {
    life += 1;
    locks.endAll();
    locks = new LockTable();
  }

  return {
    deskId,
    connect,
    state: () => current,
    rowOf: (text) => current.texts.get(text) ?? (JSON.parse(text) as unknown),
    backup: () => ({ state: copyState(current) }),
    restore(backup) {
      disconnectAll();
      // A backup of another desk brings its texts along; what this one writes stays its own.
      const own = backup.state.texts === current.texts;
      current = own ? copyState(backup.state) : { ...copyState(backup.state), texts: new Map(backup.state.texts) };
    },
    disconnectAll,
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: (observer) => void observers.push(observer),
    putDirectory: (changes) => told([], (state) => commitDirectory(state, changes)),
    putAccount: (account) => void writable().accounts.set(account.id, account),
    putDevice: (device) => void writable().devices.set(device.id, device),
    setSettings(changes) {
      const state = writable();
      const next = { ...state.desk.settings, ...changes };
      state.desk = { ...state.desk, settings: next, settingsText: JSON.stringify(next) };
    },
    principal: (accountId, deviceId) => principals.of(current, accountId, deviceId),
  };
}
