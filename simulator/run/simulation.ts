import type { PokeFrame } from '../../src/protocol/sync/messages.ts';
import { LOG_START } from '../../src/store/changes/change-reads.ts';
import { createDeskService } from '../../src/store/changes/desk-service.ts';
import { type BlobShelf, emptyBlobShelf } from '../../test/support/console/memory-blob-client.ts';
import { cloneDisk, type Disk, emptyDisk } from '../console/disk.ts';
import { createMachine, type Machine, type PortWrappers } from '../console/machine.ts';
import { sha256Hex } from '../console/sha256.ts';
import type { DeskBackup, MemoryDesk } from '../desk/memory-desk.ts';
import { createMemoryDesk } from '../desk/memory-desk.ts';
import { createAnswers } from '../net/answers.ts';
import { createClient } from '../net/client.ts';
import { createLink } from '../net/link.ts';
import { createObservers, type Observers } from '../observe/observers.ts';
import type { StoreModel } from '../observe/store-model.ts';
import { type Court, createCourt } from '../observe/violation.ts';
import type { Plan } from '../plan/plan.ts';
import type { Plant } from '../plants/plant.ts';
import { createSessions, type Sessions, type SessionsImage } from '../store/sessions.ts';
import { createStoreProcess, type StoreProcess } from '../store/store-process.ts';
import { createRoutes } from '../store/store-routes.ts';
import { type Chance, createChance } from '../time/chance.ts';
import { createScheduler, type Scheduler } from '../time/scheduler.ts';
import { DESK, START, uuid } from '../world/organisation.ts';
import { storeGate } from './store-gate.ts';
import { short, type Trace } from './trace.ts';

/** How the world stood before a history: one desk with some tickets, and each account's console as it was left. */
export interface Beginning {
  readonly at: number;
  readonly desk: DeskBackup;
  readonly sessions: SessionsImage;
  readonly model: StoreModel;
  readonly disks: ReadonlyMap<string, Disk>;
}
export interface SimulationOptions {
  readonly plan: Pick<Plan, 'noise' | 'consoles' | 'stores' | 'slowDesk'>;
  readonly beginning: Beginning | null;
  readonly plant: Plant;
  /** Everything passes through the schemas of the wire. */
  readonly strict: boolean;
  readonly traceWith: (elapsed: () => number) => Trace;
}

/** Everything that one history is made of. */
export interface Simulation {
  readonly startedAt: number;
  readonly scheduler: Scheduler;
  readonly court: Court;
  readonly trace: Trace;
  readonly desk: MemoryDesk;
  readonly sessions: Sessions;
  /** Files at the stores. */
  readonly files: BlobShelf;
  readonly stores: readonly (StoreProcess & { oldUntil: number })[];
  readonly machines: readonly Machine[];
  readonly observers: Observers;
  /** Requests, picks and whatever persons need. */
  readonly chance: Chance;
  /** Device of a machine that was revoked, by machine: its files may be gone. */
  readonly revoked: Map<Machine, string>;
  /** The store does not want this machine's device any more. */
  isRevoked(machine: Machine): boolean;
  addMachine(user: string, disk: Disk, skewMs: number, old: boolean): Machine;
  /** The store was put back in this history: it may have forgotten what it was told before. */
  wasRestored: boolean;
  /** Called when a process died at a write of its own. */
  onDeath: (machine: Machine) => void;
  /** Lets time pass; false: a rule was broken. */
  run(untilMs: number): boolean;
}

/** Streams of the seed, apart from one another. */
const STREAMS = { persons: 1, stores: 2, sessions: 3, machines: 100, links: 200 } as const;
const BUG_EVENTS = /Threw$|ListenerFailed$|Stranger$/;

export function createSimulation(options: SimulationOptions): Simulation {
  const { plan, beginning, plant, strict } = options;
  const startedAt = beginning === null ? START : beginning.at;
  const scheduler = createScheduler(startedAt);
  const elapsed = () => scheduler.now() - startedAt;
  const court = createCourt(elapsed);
  const trace = options.traceWith(elapsed);
  const desk = createMemoryDesk({ deskId: DESK, name: 'Mesa', epoch: uuid(0xe), sealKey: 'seal', settings: {} });
  const storeChance = createChance(plan.noise, STREAMS.stores);
  const sessions = createSessions(createChance(plan.noise, STREAMS.sessions), scheduler.now, desk);
  if (beginning !== null) {
    desk.restore(beginning.desk);
    sessions.load(beginning.sessions);
  }
  const machines: Machine[] = [];
  const revoked = new Map<Machine, string>();
  const files = emptyBlobShelf();
  const observers = createObservers({
    desk,
    stored: files.stored,
    court,
    trace,
    scheduler,
    machines,
    model: beginning?.model ?? null,
  });
  const answers = createAnswers(strict, desk.rowOf);
  const planted = plant({ scheduler, desk, chance: createChance(plan.noise, 9) });

  const placeNow = (): PokeFrame => {
    const state = desk.state();
    return { head: state.lastSeq, hash: state.log.at(-1)?.hash ?? LOG_START, epoch: state.desk.epoch };
  };
  const stores = Array.from({ length: plan.stores }, (_, number) => createStore(number));
  desk.onCommit(() => {
    for (const store of stores) {
      // Now and then a notice is lost, and the look at the head every five seconds finds it.
      const wait = storeChance.happens(1 / 32) ? 5_000 : storeChance.between(2, 250);
      scheduler.after(wait, () => store.tell(placeNow()));
    }
  });

  function createStore(number: number): StoreProcess & { oldUntil: number } {
    const connection = desk.connect((step) => gate(step));
    const ports = planted.store({ desks: connection.desks, changes: connection.changes });
    const service = createDeskService({
      ...ports,
      now: scheduler.now,
      newId: storeChance.id,
      sha256: sha256Hex,
      onRestoreFound() {
        trace.line(`store ${number}: the desk was put back: a new epoch`);
        // No commit, and so no notice: the look at the heads every five seconds finds it.
        for (const store of stores) scheduler.after(storeChance.between(1, 5_000), () => store.tell(placeNow()));
      },
      onBug: (id, error) => court.accuse('BUG', `the domain threw on ${id}: ${String(error)}`),
    });
    const wiped = ({ deviceId }: { deviceId: string }) => {
      const device = desk.state().devices.get(deviceId);
      if (device !== undefined) desk.putDevice({ ...device, wipedAt: scheduler.now() });
    };
    const nextNews = (run: () => void, orAfterMs: number) => {
      const leave = process.subscribe({ news: () => done(), ended: () => {} });
      const cancel = scheduler.after(orAfterMs, () => done());
      const done = () => {
        cancel();
        leave();
        run();
      };
    };
    const isOldBuild = () => scheduler.now() < store.oldUntil;
    const routes = planted.routes(createRoutes({ service, sessions, place: placeNow, nextNews, wiped, isOldBuild }));
    const process = createStoreProcess(number, scheduler, routes, connection.cut, (error) =>
      court.accuse('BUG', `store ${number} threw: ${error instanceof Error ? error.stack : String(error)}`),
    );
    const store = Object.assign(process, { oldUntil: 0 });
    const gate = storeGate(store, { scheduler, chance: storeChance, slowMs: plan.slowDesk });
    return store;
  }

  const wrap: PortWrappers = {
    outbox: (port, machine) => planted.outbox(observers.ledger.wrap(port, machine), machine),
    cache: (port, machine) => planted.cache(observers.base.wrap(port, machine), machine),
    client: (port, machine) => planted.client(port, machine),
  };

  const simulation: Simulation = {
    startedAt,
    scheduler,
    court,
    trace,
    desk,
    sessions,
    files,
    stores,
    machines,
    observers,
    chance: createChance(plan.noise, STREAMS.persons),
    onDeath: () => {},
    wasRestored: false,
    revoked,
    isRevoked(machine) {
      const deviceId = machine.disk.outbox.identity?.deviceId ?? revoked.get(machine) ?? '';
      return desk.state().devices.get(deviceId)?.revokedAt != null;
    },
    addMachine(user, disk, skewMs, old) {
      const number = machines.length;
      const link = createLink({
        scheduler,
        chance: createChance(plan.noise, STREAMS.links + number),
        stores: () => stores,
        trace: (what) => trace.line(`  console ${number}: ${what}`),
      });
      const machine = createMachine(
        { number, user, old, disk, skewMs },
        {
          scheduler,
          chance: createChance(plan.noise, STREAMS.machines + number),
          link,
          wrap,
          strict,
          clientFor: (_machine, alive) => createClient({ link, scheduler, answers, files, strict, old, alive }),
          logged(_machine, event, details) {
            if (trace.on) trace.line(`  console ${number}: ${event} ${JSON.stringify(details)}`);
            if (BUG_EVENTS.test(event)) court.accuse('BUG', `console ${number}: ${event} ${JSON.stringify(details)}`);
          },
          died: (dead) => simulation.onDeath(dead),
          erases(gone) {
            observers.ledger.erases(gone);
            observers.files.erases(gone);
            observers.base.forget(gone);
          },
          writeFailed: (failed) => void observers.lagging.add(failed),
        },
      );
      machines.push(machine);
      return machine;
    },
    run(untilMs) {
      scheduler.runUntil(startedAt + untilMs, () => {
        observers.look();
        return court.verdict() === null;
      });
      return court.verdict() === null;
    },
  };
  for (const { user, fresh, skewMs, old } of plan.consoles) {
    const left = fresh ? undefined : beginning?.disks.get(user);
    simulation.addMachine(user, left === undefined ? emptyDisk() : cloneDisk(left), skewMs, old);
  }
  if (trace.on) desk.watch((writes) => traceCommit(trace, desk, writes));
  return simulation;
}

function traceCommit(
  trace: Trace,
  desk: MemoryDesk,
  writes: readonly {
    commands: readonly { command: { id: string; type: string; ticketId: string }; outcome: string }[];
  }[],
): void {
  const what = writes
    .flatMap(({ commands }) => commands)
    .map(({ command, outcome }) => {
      const { kind } = (JSON.parse(outcome) as { verdict: { kind: string } }).verdict;
      return `${command.type} ${short(command.id)} on ${short(command.ticketId)} ${kind}`;
    });
  trace.line(`desk at ${desk.state().lastSeq}: ${what.length === 0 ? 'directory' : what.join(', ')}`);
}
