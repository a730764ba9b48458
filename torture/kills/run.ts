import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { openBenchDesk } from '../../bench/support/desk.ts';
import { percentile, round } from '../../bench/support/figures.ts';
import { type Chance, createChance } from '../../simulator/time/chance.ts';
import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { organise, PASSWORD } from '../desk/organise.ts';
import { createFaultProxy } from '../link/fault-proxy.ts';
import type { LinkFaults } from '../link/faults.ts';
import { compareWithStore } from './at-store.ts';
import { flipBytes, noFlips } from './flips.ts';
import { type Breach, createLedger } from './ledger.ts';
import type { Plant } from './plants.ts';
import { readOutbox } from './read-outbox.ts';
import { startWriter, type Writer } from './writer-process.ts';

const USER = 'ana';
/** Longest life of a writer after its first act, and longest before a kill that hits it while it opens its files. */
const WRITING_MS = 240;
const OPENING_MS = 60;
const DRAINED_MS = 120_000;
/** Every so many kills a copy of the file gets flipped bytes. */
const FLIP_EVERY = 4;
/** And the whole file is read again from its beginning, lest something vanish that was judged before. */
const WHOLE_EVERY = 100;

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly plant: Plant | null;
  onProgress(done: number): void;
}
export interface KillReport {
  readonly ok: boolean;
  readonly seed: number;
  readonly plant: Plant | null;
  /** Where they fell: in a request that was begun and not yet answered, between two, while the files were being opened. */
  readonly kills: {
    readonly all: number;
    readonly writing: number;
    readonly between: number;
    readonly opening: number;
  };
  /** Requests that were answered as saved; those that a kill kept from being answered, and how many of them were on the disk. */
  readonly requests: { readonly saved: number; readonly unanswered: number; readonly unansweredButKept: number };
  /** Until the core has all its files open again; `ready`: since the process began. Milliseconds. */
  readonly reopen: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly ready: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly store: { readonly commands: number; readonly effects: number };
  readonly flips: ReturnType<typeof noFlips>;
  readonly seconds: number;
  /** How many there are of each; the first hundred in words. */
  readonly breaches: { readonly [what in Breach['what']]?: number };
  readonly evidence: readonly string[];
  /** Kept when something broke. */
  readonly folder: string | null;
}

const drawLink = (chance: Chance): LinkFaults => {
  const drawn = chance.fraction();
  if (drawn < 0.55) return {};
  if (drawn < 0.7) return { outage: 'refused' };
  if (drawn < 0.8) return { outage: 'silent' };
  if (drawn < 0.9) return { up: { delayMs: [5, 60] }, down: { delayMs: [5, 60] } };
  return { cut: { chance: 0.5, afterBytes: [200, 20_000] } };
};

/** A console's core that writes real acts and is killed again and again, beside a real store to which it sends them. */
export async function runKills({ kills, seed, plant, onProgress }: KillOptions): Promise<KillReport> {
  const began = performance.now();
  const chance = createChance(seed);
  const desk = await openBenchDesk();
  const log = openSync(join(desk.folder, 'writer.log'), 'a');
  const breaches: Breach[] = [];
  const fell = { writing: 0, between: 0, opening: 0 };
  const opens: { reopenMs: number; sinceSpawnMs: number }[] = [];
  const flips = noFlips();
  const ledger = createLedger();
  let live: Writer | null = null;
  let store = { commands: 0, effects: 0 };
  await organise(desk.databaseUrl);
  const storeUrl = new URL(await desk.serve());
  const link = await createFaultProxy({ target: { host: storeUrl.hostname, port: Number(storeUrl.port) }, seed });
  const dataDir = join(desk.folder, 'console');
  const path = profilePaths(dataDir, profileId(link.url, USER)).outbox;

  const start = (): Writer => {
    live = startWriter({ dataDir, storeUrl: link.url, plant, stderr: log, compiled: join(desk.folder, 'compiled') });
    return live;
  };
  async function opened(writer: Writer): Promise<void> {
    const { reopenMs, sinceSpawnMs } = await writer.heard('open');
    opens.push({ reopenMs, sinceSpawnMs });
    breaches.push(...ledger.judge(readOutbox(path, ledger.judgedTo())));
  }
  async function firstLife(): Promise<void> {
    const writer = start();
    await writer.heard('open');
    writer.send({ kind: 'signIn', user: USER, password: PASSWORD });
    await writer.heard('signedIn');
    writer.send({ kind: 'write', from: ledger.next(), ticketIds: [], pauseMs: 0, padding: 0 });
    await Promise.race([writer.heard('saved'), writer.heard('refused')]);
    await sleep(WRITING_MS);
    ledger.take(await writer.kill());
  }
  /** One life and its end. */
  async function killOnce(): Promise<void> {
    link.set(drawLink(chance));
    const opening = chance.happens(0.1);
    const pauseMs = chance.happens(0.7) ? 0 : 12;
    const afterMs = chance.fraction() * (opening ? OPENING_MS : WRITING_MS);
    const writer = start();
    if (opening) await writer.heard('opening');
    else {
      await opened(writer);
      writer.send({ kind: 'write', from: ledger.next(), ticketIds: ledger.tickets(), pauseMs, padding: 0 });
      await writer.heard('begin');
    }
    await sleep(afterMs);
    fell[ledger.take(await writer.kill())] += 1;
  }

  try {
    await firstLife();
    for (let n = 1; n <= kills && (plant === null || breaches.length === 0); n += 1) {
      await killOnce();
      if (n % FLIP_EVERY === 0) breaches.push(...flipBytes(path, join(desk.folder, 'flipped'), chance, flips));
      if (n % WHOLE_EVERY === 0) breaches.push(...wholeAgain());
      onProgress(n);
    }
    link.set({});
    const last = start();
    await opened(last);
    breaches.push(...wholeAgain());
    if (await drained()) {
      const compared = await compareWithStore(desk.databaseUrl, readOutbox(path, 0));
      store = { commands: compared.commands, effects: compared.effects };
      breaches.push(...compared.breaches);
    } else breaches.push({ what: 'lost', detail: 'the outbox did not empty after the last kill' });
  } finally {
    await (live as Writer | null)?.kill();
    await link.close();
    closeSync(log);
    await desk.close();
  }
  return report();

  /** A ledger that knows nothing yet reads the file from its beginning: all that was ever saved has to be in it. */
  function wholeAgain(): Breach[] {
    const again = createLedger();
    again.take(Array.from({ length: ledger.saved() }, (_, no) => ({ kind: 'saved', no })));
    return again.judge(readOutbox(path, 0));
  }
  async function drained(): Promise<boolean> {
    const deadline = performance.now() + DRAINED_MS;
    while (performance.now() < deadline) {
      if (readOutbox(path, 0).commands.every(({ outcome }) => outcome !== null)) return true;
      await sleep(100);
    }
    return false;
  }
  function report(): KillReport {
    const of = (samples: number[]) => ({
      p50: round(percentile(samples, 0.5)),
      p95: round(percentile(samples, 0.95)),
      max: round(Math.max(...samples)),
    });
    const counted: { [what in Breach['what']]?: number } = {};
    for (const { what } of breaches) counted[what] = (counted[what] ?? 0) + 1;
    const { begun, kept } = ledger.unanswered();
    return {
      ok: breaches.length === 0,
      seed,
      plant,
      kills: { all: fell.writing + fell.between + fell.opening, ...fell },
      requests: { saved: ledger.saved(), unanswered: begun, unansweredButKept: kept },
      reopen: of(opens.map(({ reopenMs }) => reopenMs)),
      ready: of(opens.map(({ sinceSpawnMs }) => sinceSpawnMs)),
      store,
      flips,
      seconds: round((performance.now() - began) / 1_000),
      breaches: counted,
      evidence: breaches.slice(0, 100).map(({ what, detail }) => `${what}: ${detail}`),
      folder: null,
    };
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
