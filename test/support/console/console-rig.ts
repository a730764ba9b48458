import { type ConsoleCore, createConsoleCore } from '../../../src/core/create-console-core.ts';
import type { CoreDeps } from '../../../src/core/deps.ts';
import type { BlobFilesPort } from '../../../src/core/ports/blob-files.ts';
import type { LogDetails } from '../../../src/core/ports/log.ts';
import type { OutboxCommand, OutboxPort } from '../../../src/core/ports/outbox.ts';
import type { Farewell, ProfilesPort } from '../../../src/core/ports/profiles.ts';
import type { StorageFailure } from '../../../src/core/ports/storage-failure.ts';
import type { LaunchPlan } from '../../../src/domain/remote-launch.ts';
import type { ConsoleError, News } from '../../../src/protocol/console/client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../../src/protocol/console/methods.ts';
import { ok, type Result } from '../../../src/shared/result.ts';
import { uuid } from '../world.ts';
import { type BlobDisk, createMemoryBlobs, emptyBlobDisk } from './memory-blobs.ts';
import { type CacheDisk, createMemoryCache, emptyCacheDisk, type MemoryCache } from './memory-cache.ts';
import { createLinkState, createMemoryClient, type MemoryLink } from './memory-client.ts';
import { commandsOf, createMemoryOutbox, emptyOutboxDisk, type OutboxDisk } from './memory-outbox.ts';
import { createMemoryStore, type MemoryStore, sha256Hex } from './memory-store.ts';
import { createVirtualTime, settle, type VirtualTime } from './virtual-time.ts';

/** Thrown by a write at which the process dies. Nothing of that process runs or writes any more. */
export class Died extends Error {}

export interface Disk {
  readonly profiles: Map<string, { outbox: OutboxDisk; cache: CacheDisk; blobs: BlobDisk }>;
  readonly inUse: Set<string>;
  readonly farewells: Map<string, Farewell>;
}
export interface ConsoleRig {
  readonly core: ConsoleCore;
  readonly link: MemoryLink;
  readonly disk: Disk;
  readonly news: News[];
  readonly launches: LaunchPlan[];
  readonly logs: { level: string; event: string; details: LogDetails }[];
  readonly device: { skewMs: number; bootId: string; bootedAt?: number };
  /** Writes to come that fail so; those of one kind only; transactions of the cache that fail only as they commit; farewells that cannot be kept; and the write, counted from now, at which the process dies. */
  readonly faults: {
    storage: StorageFailure | null;
    one: { readonly what: string; readonly failure: StorageFailure } | null;
    commit: StorageFailure | null;
    farewell: StorageFailure | null;
    dieAt: number | null;
    died: boolean;
  };
  outbox(user?: string): OutboxDisk;
  blobs(user?: string): BlobDisk;
  cache(user?: string): MemoryCache;
  commands(user?: string): OutboxCommand[];
  call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<Result<ConsoleResult<M>, ConsoleError>>;
  /** Calls and expects success. */
  must<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<ConsoleResult<M>>;
  /** The process is killed; another one starts on what was on the disk. */
  crash(): Promise<ConsoleRig>;
}
export interface Scene {
  readonly time: VirtualTime;
  readonly store: MemoryStore;
  /** `profiles`: the real files instead of the ones in memory. */
  boot(disk?: Disk, link?: MemoryLink, profiles?: ProfilesPort): ConsoleRig;
}

export const emptyDisk = (): Disk => ({ profiles: new Map(), inUse: new Set(), farewells: new Map() });
let idCounter = 10_000;

export function createScene(random: () => number = () => 0.5): Scene {
  const time = createVirtualTime();
  const store = createMemoryStore(time.now);

  function boot(disk: Disk = emptyDisk(), link: MemoryLink = createLinkState(), profiles?: ProfilesPort): ConsoleRig {
    const device: ConsoleRig['device'] = { skewMs: 0, bootId: 'boot-1' };
    const faults: ConsoleRig['faults'] = {
      storage: null,
      one: null,
      commit: null,
      farewell: null,
      dieAt: null,
      died: false,
    };
    const news: News[] = [];
    const launches: LaunchPlan[] = [];
    const logs: ConsoleRig['logs'] = [];
    const gate = (what: string): StorageFailure | null => {
      if (faults.died) throw new Died();
      if (faults.dieAt !== null && faults.dieAt-- <= 0) {
        faults.died = true;
        throw new Died(what);
      }
      if (what === faults.one?.what) return faults.one.failure;
      if (what === 'farewell' && faults.farewell !== null) return faults.farewell;
      return what === 'cacheCommit' ? faults.commit : faults.storage;
    };
    /** A dead process's timers and answers reach nobody. */
    const alive =
      <A extends unknown[]>(run: (...args: A) => void) =>
      (...args: A) =>
        void (faults.died || run(...args));
    const client = createMemoryClient(store, link, time, () => {
      if (faults.died) throw new Died();
    });
    const files = new Map<string, { outbox: OutboxPort; cache: MemoryCache; blobs: BlobFilesPort }>();
    const deps: CoreDeps = {
      clock: time.clockOf(device),
      timers: { ...time.timers, after: (ms, run) => time.timers.after(ms, alive(run)) },
      random: { id: () => uuid(idCounter++), fraction: random },
      hasher: { sha256Hex },
      store: client,
      deviceName: 'PC-01',
      language: 'es',
      secrets: {
        protect: async (text) => `sealed(${text})`,
        reveal: async (sealed) => sealed.replace(/^sealed\((.*)\)$/, '$1'),
      },
      launcher: {
        async launch(plan) {
          launches.push(plan);
          return { launched: true };
        },
      },
      log: { write: (level, event, details) => void logs.push({ level, event, details }) },
      profiles: profiles ?? {
        list: () => [...disk.profiles.keys()].map((user) => ({ id: user, user })),
        open(user) {
          if (!files.has(user) && disk.inUse.has(user)) return { ok: false, error: { code: 'profileInUse' } };
          const stored = disk.profiles.get(user) ?? {
            outbox: emptyOutboxDisk(),
            cache: emptyCacheDisk(),
            blobs: emptyBlobDisk(),
          };
          disk.profiles.set(user, stored);
          disk.inUse.add(user);
          const opened = files.get(user) ?? {
            outbox: createMemoryOutbox(stored.outbox, gate),
            cache: createMemoryCache(stored.cache, gate),
            blobs: createMemoryBlobs(stored.blobs, gate, time.now),
          };
          files.set(user, opened);
          return ok({ id: user, ...opened, cacheRebuilt: false, close: () => void disk.inUse.delete(user) });
        },
        erase(user) {
          const failure = gate('erase');
          if (failure !== null) return { ok: false, error: failure };
          disk.profiles.delete(user);
          files.delete(user);
          return ok(null);
        },
        farewells: () => [...disk.farewells.values()],
        keepFarewell(farewell) {
          const failure = gate('farewell');
          if (failure !== null) return { ok: false, error: failure };
          disk.farewells.set(farewell.profileId, farewell);
          return ok(null);
        },
        dropFarewell(profileId) {
          const failure = gate('farewell');
          if (failure !== null) return { ok: false, error: failure };
          disk.farewells.delete(profileId);
          return ok(null);
        },
      },
    };
    const core = createConsoleCore(deps);
    core.onNews((item) => news.push(item));
    const rig: ConsoleRig = {
      core,
      link,
      disk,
      news,
      launches,
      logs,
      device,
      faults,
      outbox: (user = 'ana') => required(disk.profiles.get(user)).outbox,
      blobs: (user = 'ana') => required(disk.profiles.get(user)).blobs,
      cache: (user = 'ana') => required(files.get(user)).cache,
      commands: (user = 'ana') => commandsOf(required(disk.profiles.get(user)).outbox),
      // The contract's own schema has parsed the result for the product's callers; here the handler's value is taken as it is.
      call: (method, params) => core.handle(method, params) as Promise<Result<never, ConsoleError>>,
      async must(method, params) {
        const answer = await rig.call(method, params);
        if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
        return answer.value;
      },
      async crash() {
        faults.died = true;
        disk.inUse.clear();
        await settle();
        const next = boot(disk, link);
        next.core.start();
        return next;
      },
    };
    return rig;
  }
  return { time, store, boot };
}

/** Events that only a bug writes: an exception in a loop, in a method, or in a listener of the test itself. */
export const bugsOf = (rig: ConsoleRig): string[] =>
  rig.faults.died ? [] : rig.logs.map((line) => line.event).filter((event) => /Threw$|ListenerFailed$/u.test(event));

export function required<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
}

/** A console of Ana's, signed in and caught up. */
export async function signedIn(scene: Scene, user = 'ana', rig: ConsoleRig = scene.boot()): Promise<ConsoleRig> {
  rig.core.start();
  await rig.must('session.signIn', { user, password: 'right' });
  await scene.time.advance(100);
  return rig;
}
