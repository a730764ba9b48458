import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMachine, type Machine, type MachineOptions, machineLog } from '../console/machine.ts';
import { mountSmallDisks, type SmallDisk } from '../console/small-disks.ts';
import { createDeskDatabase, type DeskDatabase } from '../desk/database.ts';
import { organise, users } from '../desk/organise.ts';
import { createStoreProcess, freePort, type StoreProcess } from '../desk/store-process.ts';
import { createFaultProxy, type FaultProxy } from '../link/fault-proxy.ts';
import { smallDisks } from '../plan/draw-plan.ts';
import { type PlantName, storePreload } from '../plants/index.ts';

/** A console with what is around it. */
export interface Post {
  readonly machine: Machine;
  readonly link: FaultProxy;
  /** Null: it works on the disk of everybody. */
  readonly disk: SmallDisk | null;
}
export interface RigOptions {
  readonly folder: string;
  readonly seed: number;
  readonly consoles: number;
  readonly plant: PlantName | null;
  /** False: not even where they can be mounted. */
  readonly smallDisks: boolean;
  /** How long a console and a store may take for one thing. */
  readonly patienceMs: number;
  /** A store did what no store does. */
  onStoreFault(rule: 'BUG' | 'HANG', words: string): void;
  /** As a console's handle says. */
  readonly onConsoleEnd: MachineOptions['onEnd'];
}
/** Everything that runs: a database, two stores, the consoles, each with its link and its disk. */
export interface Rig {
  readonly folder: string;
  readonly deskId: string;
  readonly database: DeskDatabase;
  readonly stores: readonly StoreProcess[];
  readonly posts: Post[];
  /** How a full disk is made. */
  readonly diskKind: 'tmpfs' | 'injected';
  /** A further console on a folder that is there already. */
  addPost(user: string, dataDir: string): Promise<Post>;
}

const STORES = 2;

/** @param opened gets what takes down each part as soon as that is up: the last one first */
export async function createRig(
  { folder, seed, consoles, plant, patienceMs, onStoreFault, onConsoleEnd, ...wanted }: RigOptions,
  opened: (() => unknown)[],
): Promise<Rig> {
  mkdirSync(folder, { recursive: true });
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const database = await createDeskDatabase(join(folder, 'postgres'));
  opened.push(() => database.close());
  const deskId = await organise(database.url);
  const stores: StoreProcess[] = [];
  for (let number = 0; number < STORES; number += 1) {
    const store = createStoreProcess({
      number,
      port: await freePort(),
      databaseUrl: database.url,
      logFile: join(logs, `store-${number}.log`),
      armFile: join(folder, `store-${number}.arm`),
      preload: storePreload(plant),
      patienceMs,
      onFault: (rule, words) => onStoreFault(rule, `store ${number} ${words}`),
    });
    stores.push(store);
    opened.push(() => store.kill());
  }
  await Promise.all(stores.map((store) => store.start()));

  const mounted = wanted.smallDisks ? await mountSmallDisks(join(folder, 'disks'), smallDisks(consoles)) : null;
  opened.push(() => mounted?.close());
  const posts: Post[] = [];
  async function addOn(user: string, dataDir: string, disk: SmallDisk | null): Promise<Post> {
    const number = posts.length;
    let asked = number;
    // As behind a balancer that knows of nothing: connections go to the stores in turn, up or down.
    const next = () => {
      asked += 1;
      return { host: '127.0.0.1', port: stores[asked % STORES]?.port ?? 0 };
    };
    const link = await createFaultProxy({ target: next, seed: seed * 64 + number });
    opened.push(() => link.close());
    const machine = createMachine({
      number,
      user,
      dataDir: disk === null ? dataDir : disk.folder,
      outside: disk === null ? dataDir : disk.outside,
      enter: disk?.enter ?? [],
      storeUrl: link.url,
      plant,
      logFile: machineLog(logs, number),
      patienceMs,
      onEnd: onConsoleEnd,
    });
    opened.push(() => machine.kill());
    const post = { machine, link, disk };
    posts.push(post);
    return post;
  }
  const first = consoles - smallDisks(consoles);
  for (const [number, user] of users.slice(0, consoles).entries()) {
    const dataDir = join(folder, `console-${number}`);
    mkdirSync(dataDir, { recursive: true });
    const disk = number >= first ? (mounted?.disks[number - first] ?? null) : null;
    await addOn(user, dataDir, disk);
  }
  return {
    folder,
    deskId,
    database,
    stores,
    posts,
    diskKind: mounted === null ? 'injected' : 'tmpfs',
    addPost: (user, dataDir) => addOn(user, dataDir, null),
  };
}
