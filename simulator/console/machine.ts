import { type ConsoleCore, createConsoleCore } from '../../src/core/create-console-core.ts';
import type { CachePort } from '../../src/core/ports/cache.ts';
import type { OutboxPort } from '../../src/core/ports/outbox.ts';
import type { StorageFailure } from '../../src/core/ports/storage-failure.ts';
import type { StoreClientPort } from '../../src/core/ports/store-client.ts';
import type { ConsoleError } from '../../src/protocol/console/client.ts';
import type { ConsoleMethod } from '../../src/protocol/console/methods.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import { createMemoryBlobs } from '../../test/support/console/memory-blobs.ts';
import { createMemoryCache, type MemoryCache } from '../../test/support/console/memory-cache.ts';
import { createMemoryOutbox } from '../../test/support/console/memory-outbox.ts';
import type { Link } from '../net/link.ts';
import type { Chance } from '../time/chance.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { type Disk, keepJournal } from './disk.ts';
import { sha256Hex } from './sha256.ts';

/** Thrown by a write at which the process dies. Nothing of that process runs or writes any more. */
class Died extends Error {}

/** What wraps the ports of a console: the observer, innermost, and a planted bug around it. */
export interface PortWrappers {
  readonly outbox: (port: OutboxPort, machine: Machine) => OutboxPort;
  readonly cache: (port: CachePort, machine: Machine) => CachePort;
  readonly client: (port: StoreClientPort, machine: Machine) => StoreClientPort;
}
export interface MachineDeps {
  readonly scheduler: Scheduler;
  /** Ids and jitter of this machine's processes. */
  readonly chance: Chance;
  readonly link: Link;
  readonly clientFor: (machine: Machine, alive: () => boolean) => StoreClientPort;
  readonly wrap: PortWrappers;
  /** What the cache is given cannot be changed any more. */
  readonly strict: boolean;
  /** A line of the core's log: events that only a bug writes end the history. */
  readonly logged: (machine: Machine, event: string, details: unknown) => void;
  /** The process died at a write of its own. */
  readonly died: (machine: Machine) => void;
  /** The console erases its own files; they are still there. */
  readonly erases: (machine: Machine) => void;
  /** A write failed: what is shown may lag from here. */
  readonly writeFailed: (machine: Machine) => void;
}
export interface MachinePlan {
  readonly number: number;
  readonly user: string;
  readonly old: boolean;
  readonly disk: Disk;
  readonly skewMs: number;
}

/** One workstation: its disk, its clock, its link, and the console process that runs on it at the moment, if any. */
export interface Machine extends Pick<MachinePlan, 'number' | 'user' | 'old'> {
  disk: Disk;
  /** Device time − true time. */
  skewMs: number;
  readonly link: Link;
  readonly faults: {
    /** Writes fail until this instant: all of them, or those of the cache as they commit. */
    fullUntil: number;
    commitFailsUntil: number;
    /** The write, counted from now, at which the process dies. */
    dieAt: number | null;
  };
  /** Null while no process runs. */
  process(): ConsoleProcess | null;
  boot(): void;
  /** Kills the process; what it had written stays. `machineToo`: the next start is another boot. */
  kill(machineToo: boolean): void;
}
export interface ConsoleProcess {
  readonly core: ConsoleCore;
  readonly outbox: OutboxPort;
  readonly cache: MemoryCache;
  /** Nobody is signed in on the screen. Looking may write, as the screen's own look does. */
  isFree(): boolean;
  /** Undefined when the process died over it: its answer reached nobody. */
  call(method: ConsoleMethod, params: object): Promise<Result<unknown, ConsoleError> | undefined>;
}

export function createMachine(plan: MachinePlan, deps: MachineDeps): Machine {
  const { scheduler, chance, link } = deps;
  let running: (ConsoleProcess & { end(): void; isDead(): boolean }) | null = null;
  let boots = 1;
  let bootedAt = scheduler.now() - 5_000;

  const machine: Machine = {
    number: plan.number,
    user: plan.user,
    old: plan.old,
    disk: plan.disk,
    skewMs: plan.skewMs,
    link,
    faults: { fullUntil: 0, commitFailsUntil: 0, dieAt: null },
    process: () => (running === null || running.isDead() ? null : running),
    boot() {
      if (running !== null) throw new Error('a console runs on this machine already');
      running = start();
      const opened = running.core.start();
      if (!opened.ok) throw new Error(`a console did not start: ${opened.error.code}`);
    },
    kill(machineToo) {
      running?.end();
      running = null;
      machine.faults.dieAt = null;
      if (!machineToo) return;
      boots += 1;
      bootedAt = scheduler.now();
    },
  };

  function start(): NonNullable<typeof running> {
    let dead = false;
    const alive = () => !dead;
    const now = scheduler.now;
    const { faults } = machine;
    const gate = (what: string): StorageFailure | null => {
      if (dead) throw new Died();
      if (faults.dieAt !== null && faults.dieAt-- <= 0) {
        dead = true;
        faults.dieAt = null;
        deps.died(machine);
        throw new Died(what);
      }
      const fails = now() < faults.fullUntil || (what === 'cacheCommit' && now() < faults.commitFailsUntil);
      if (!fails) return null;
      deps.writeFailed(machine);
      return { code: 'diskFull' };
    };
    const { disk } = machine;
    const memoryCache = createMemoryCache(disk.cache, gate, keepJournal(disk), deps.strict);
    const outbox = deps.wrap.outbox(createMemoryOutbox(disk.outbox, gate), machine);
    const cache = deps.wrap.cache(memoryCache, machine);
    const blobs = createMemoryBlobs(disk.blobs, gate, now);
    const client = deps.wrap.client(deps.clientFor(machine, alive), machine);
    const core = createConsoleCore({
      clock: {
        now: () => now() + machine.skewMs,
        monotonicMs: () => now() - bootedAt,
        bootId: () => `boot-${plan.number}-${boots}`,
      },
      timers: {
        after: (ms, run) =>
          scheduler.after(ms, () => {
            if (dead) return;
            try {
              run();
            } catch (error) {
              if (!(error instanceof Died)) deps.logged(machine, 'timerThrew', String(error));
            }
          }),
        sent: () => Promise.resolve(),
      },
      random: { id: chance.id, fraction: chance.fraction },
      hasher: { sha256Hex },
      store: client,
      deviceName: `PC-${plan.number}`,
      language: 'es',
      secrets: { protect: async (text) => `sealed(${text})`, reveal: async (sealed) => sealed.slice(7, -1) },
      launcher: { launch: async () => ({ launched: true }) },
      log: {
        write(_level, event, details) {
          if (!dead) deps.logged(machine, event, details);
        },
      },
      profiles: {
        list: () => (disk.used ? [{ id: plan.user, user: plan.user }] : []),
        open() {
          disk.used = true;
          return ok({ id: plan.user, outbox, cache, blobs, cacheRebuilt: false, close: () => {} });
        },
        erase() {
          const failure = gate('erase');
          if (failure !== null) return err(failure);
          deps.erases(machine);
          disk.erase();
          return ok(null);
        },
        farewells: () => [...disk.farewells.values()],
        keepFarewell(farewell) {
          const failure = gate('farewell');
          if (failure !== null) return err(failure);
          disk.farewells.set(farewell.profileId, farewell);
          return ok(null);
        },
        dropFarewell(profileId) {
          const failure = gate('farewell');
          if (failure !== null) return err(failure);
          disk.farewells.delete(profileId);
          return ok(null);
        },
      },
    });
    return {
      core,
      outbox,
      cache: memoryCache,
      async call(method, params) {
        const answer = await core.handle(method, params);
        return dead ? undefined : answer;
      },
      isFree() {
        try {
          return core.active() === null;
        } catch (error) {
          if (error instanceof Died) return false;
          throw error;
        }
      },
      isDead: () => dead,
      end() {
        dead = true;
      },
    };
  }
  return machine;
}
