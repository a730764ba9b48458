import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../console/machine.ts';
import { storeTool } from '../desk/store-tool.ts';
import type { Ledger } from '../observe/ledger.ts';
import type { Fault, FaultKind } from '../plan/plan.ts';
import type { Evidence } from './evidence.ts';
import { flipCache, flipOutbox } from './flip.ts';
import { troubles } from './link-troubles.ts';
import type { Locks } from './locks.ts';
import type { Slowest } from './report.ts';
import type { Post, Rig } from './rig.ts';
import type { Waits } from './stages.ts';

/**
 * What was done, and what came of it. `diedInWrite`: by the hook, with the rows in the transaction and no commit; `diedAfterWrite`: after the commit, before
 * anybody heard. `diedBeforeEffect`: a store before it committed a push; `diedInAnswer`: between that and its answer.
 */
export type FaultCounts = Record<
  FaultKind | 'diedInWrite' | 'diedAfterWrite' | 'diedInAnswer' | 'diedBeforeEffect' | 'bytesFlipped' | 'rowsHit',
  number
>;
export const noFaults = (): FaultCounts => ({
  killConsole: 0,
  dieInWrite: 0,
  diedInWrite: 0,
  diedAfterWrite: 0,
  killStore: 0,
  killInAnswer: 0,
  diedInAnswer: 0,
  diedBeforeEffect: 0,
  restartPostgres: 0,
  killPostgres: 0,
  fillDisk: 0,
  flipCache: 0,
  flipOutbox: 0,
  bytesFlipped: 0,
  rowsHit: 0,
  backup: 0,
  restore: 0,
  clone: 0,
  link: 0,
  cutLink: 0,
});

export interface FaultsDeps {
  readonly rig: Rig;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly counts: FaultCounts;
  readonly slowest: Slowest;
  readonly waits: Waits;
  /** Acts that were refused so far because a disk was full. */
  readonly refusedForDisk: () => number;
  readonly evidence: Evidence;
}
export interface Faults {
  /** Resolves when it is over, and what it had taken down is up again. */
  make(fault: Fault): Promise<void>;
  /** Started, however often it takes: a disk may be full meanwhile. False: it does not start any more, and is accused. */
  startConsole(machine: Machine): Promise<boolean>;
  /** No fault begins any more but the rare ones that are still due, and none waits on for its moment. */
  stop(): void;
  /** Links are sound and disks have room. */
  endLasting(): void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** A console writes at least every few seconds while its person works. */
const WRITES_WITHIN_MS = 15_000;
const PUSHES_WITHIN_MS = 10_000;
/** How much longer event streams are held back, and a disk is full, while nobody has met it. */
const BITES_WITHIN_MS = 20_000;
const LOOK_MS = 250;
const START_ATTEMPTS = 60;
/** Of the rare ones each that is planned takes place, however slow the machine is. */
const ALWAYS: ReadonlySet<FaultKind> = new Set(['backup', 'restore', 'clone', 'restartPostgres', 'killPostgres']);
const DESK = ['database', 'store-0', 'store-1'];

/** Does to the running product what the plan says. */
export function createFaults({
  rig,
  ledger,
  locks,
  counts,
  slowest,
  waits,
  refusedForDisk,
  evidence,
}: FaultsDeps): Faults {
  const { note } = evidence;
  let backups = 0;
  const trouble = new Map<Post, number>();
  const keyOf = (post: Post) => `console-${post.machine.number}`;
  const postOf = (c: number): Post => {
    const post = rig.posts[c];
    if (post === undefined) throw new Error(`there is no console ${c}`);
    return post;
  };

  const stopped = Promise.withResolvers<void>();
  let over = false;
  /** When those before it are done, if there is still time for it: only then it counts, and not when it says that it met nobody. */
  const inTurn = (kind: FaultKind, keys: readonly string[], work: () => Promise<unknown>) =>
    locks.run(keys, async () => {
      if (over && !ALWAYS.has(kind)) return;
      const tookPlace = await waits.on(`${kind} (${keys.join(', ')})`, work());
      if (tookPlace !== false) counts[kind] += 1;
    });

  async function startConsole(machine: Machine): Promise<boolean> {
    const began = performance.now();
    let why = '';
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
      const start = await machine.start();
      if (start === 'ready') {
        slowest.seen('console', performance.now() - began);
        return true;
      }
      why = typeof start === 'string' ? start : start.refused;
      note(`console ${machine.number} did not start: ${why}`);
      if ((await machine.ended()).kind === 'hung') break;
      await sleep(500);
    }
    evidence.accuse('BUG', `console ${machine.number} does not start any more: ${why}`);
    return false;
  }
  /** The console is down while `work` is at its files. */
  const whileDown = (kind: FaultKind, post: Post, downMs: number, work: () => void) =>
    inTurn(kind, [keyOf(post)], async () => {
      await post.machine.kill();
      work();
      await sleep(downMs);
      await startConsole(post.machine);
    });

  const dieInWrite = (post: Post, { moment: at, after, downMs }: Extract<Fault, { kind: 'dieInWrite' }>) =>
    inTurn('dieInWrite', [keyOf(post)], async () => {
      if (!post.machine.up()) return false;
      post.machine.arm({ at, after });
      await Promise.race([post.machine.ended(), sleep(WRITES_WITHIN_MS), stopped.promise]);
      if (post.machine.up()) {
        post.machine.arm({ at, after: 0 });
        return true;
      }
      // Who hears of all ends counts this one, and sees to those that were not by the hook.
      if ((await post.machine.ended()).kind !== 'armed') return true;
      await sleep(downMs);
      await startConsole(post.machine);
      return true;
    });

  const onStore = (kind: FaultKind, s: number, work: (store: Rig['stores'][number]) => Promise<void>) => {
    const store = rig.stores[s];
    if (store === undefined) throw new Error(`there is no store ${s}`);
    return inTurn(kind, [`store-${s}`], () => work(store));
  };
  async function startStore(store: Rig['stores'][number]): Promise<void> {
    const began = performance.now();
    if (await store.start()) slowest.seen('store', performance.now() - began);
  }
  const killStore = (s: number, downMs: number) =>
    onStore('killStore', s, async (store) => {
      await store.kill();
      await sleep(downMs);
      await startStore(store);
    });
  const killInAnswer = (s: number, at: 'before' | 'after', downMs: number) =>
    onStore('killInAnswer', s, async (store) => {
      const patience = Promise.race([sleep(PUSHES_WITHIN_MS), stopped.promise]);
      if (await store.dieAround(at, downMs, patience))
        counts[at === 'before' ? 'diedBeforeEffect' : 'diedInAnswer'] += 1;
      await startStore(store);
    });
  const onDatabase = (kind: FaultKind, work: () => Promise<void>) =>
    inTurn(kind, ['database'], async () => {
      const began = performance.now();
      await work();
      slowest.seen('postgres', performance.now() - began);
    });

  const backupFile = () => join(rig.folder, `backup-${backups}`);
  const backup = () =>
    inTurn('backup', DESK, async () => {
      backups += 1;
      await storeTool('backup', backupFile(), '--database-url', rig.database.url);
    });
  const restore = () =>
    inTurn('restore', DESK, async () => {
      if (backups === 0) throw new Error('there is no backup to restore');
      const began = performance.now();
      await Promise.all(rig.stores.map((store) => store.stop()));
      for (let attempt = 1; ; attempt += 1) {
        try {
          note(await storeTool('restore', backupFile(), '--replace', '--json', '--database-url', rig.database.url));
          break;
        } catch (error) {
          // The connection of a store that was killed holds its lock until PostgreSQL has noticed.
          if (attempt === 10) throw error;
          await sleep(500);
        }
      }
      await Promise.all(rig.stores.map(startStore));
      slowest.seen('restore', performance.now() - began);
    });

  const clone = (post: Post) =>
    inTurn('clone', [keyOf(post)], async () => {
      await post.machine.kill();
      const dataDir = join(rig.folder, `console-${rig.posts.length}`);
      cpSync(post.machine.outside, dataDir, { recursive: true });
      const copy = await rig.addPost(post.machine.user, dataDir);
      ledger.copied(post.machine.number, copy.machine.number);
      note(`console ${copy.machine.number} is a copy of ${post.machine.number}`);
      await Promise.all([startConsole(post.machine), startConsole(copy.machine)]);
    });

  const fillDisk = (post: Post, leave: number, ms: number) =>
    inTurn('fillDisk', [`disk-${post.machine.number}`], async () => {
      if (post.disk === null) post.machine.fill(true);
      else post.disk.fill(leave);
      const wasUp = post.machine.up();
      const refused = refusedForDisk();
      await Promise.race([sleep(ms), stopped.promise]);
      // It stays full until somebody has met it.
      for (let more = BITES_WITHIN_MS; more > 0 && !over && refusedForDisk() === refused; more -= LOOK_MS)
        await sleep(LOOK_MS);
      const isUp = post.machine.up();
      if (post.disk === null) post.machine.fill(false);
      else post.disk.free();
      // Where it is only said to be full, somebody has to be told.
      return post.disk !== null || wasUp || isUp;
    });

  async function linkTrouble(post: Post, { trouble: kind, ms }: Extract<Fault, { kind: 'link' }>): Promise<void> {
    const mine = (trouble.get(post) ?? 0) + 1;
    trouble.set(post, mine);
    post.link.set(troubles[kind]);
    // What is held back or half open begins with a connection.
    if (kind === 'heldStreams' || kind === 'halfOpen') post.link.cutAll();
    const held = post.link.counts.heldStreams;
    await sleep(ms);
    const hasBitten = () => kind !== 'heldStreams' || post.link.counts.heldStreams > held;
    // A stream is opened when its console is up and has nothing better to do.
    for (let more = BITES_WITHIN_MS; more > 0 && !over && trouble.get(post) === mine && !hasBitten(); more -= LOOK_MS)
      await sleep(LOOK_MS);
    if (trouble.get(post) === mine) post.link.set({});
  }

  function make(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'killConsole':
        return whileDown(fault.kind, postOf(fault.c), fault.downMs, () => undefined);
      case 'dieInWrite':
        return dieInWrite(postOf(fault.c), fault);
      case 'killStore':
        return killStore(fault.s, fault.downMs);
      case 'killInAnswer':
        return killInAnswer(fault.s, fault.moment, fault.downMs);
      case 'restartPostgres':
        return onDatabase(fault.kind, () => rig.database.restart(fault.downMs));
      case 'killPostgres':
        return onDatabase(fault.kind, () => rig.database.kill(fault.downMs));
      case 'fillDisk':
        return fillDisk(postOf(fault.c), fault.leave, fault.ms);
      case 'flipCache':
      case 'flipOutbox':
        return whileDown(fault.kind, postOf(fault.c), fault.downMs, () => {
          const flip = fault.kind === 'flipCache' ? flipCache : flipOutbox;
          const { flips, hit } = flip(postOf(fault.c).machine.outside, fault.places);
          counts.bytesFlipped += flips;
          counts.rowsHit += hit.length;
          for (const row of hit) ledger.spoilt(row, `a byte of its row at console ${fault.c} was flipped`);
        });
      case 'backup':
        return backup();
      case 'restore':
        return restore();
      case 'clone':
        return clone(postOf(fault.c));
      case 'link':
        counts.link += 1;
        return linkTrouble(postOf(fault.c), fault);
      case 'cutLink':
        counts.cutLink += 1;
        postOf(fault.c).link.cutAll();
        return Promise.resolve();
    }
  }
  return {
    make,
    startConsole,
    stop() {
      over = true;
      stopped.resolve();
    },
    endLasting() {
      for (const post of rig.posts) {
        trouble.delete(post);
        post.link.set({});
        if (post.disk === null) post.machine.fill(false);
        else post.disk.free();
      }
    },
  };
}
