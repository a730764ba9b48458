import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchDesk, openBenchDesk } from '../../bench/support/desk.ts';
import { round } from '../../bench/support/figures.ts';
import { type Chance, createChance } from '../../simulator/time/chance.ts';
import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { organise, PASSWORD } from '../desk/organise.ts';
import { createFaultProxy, type FaultProxy } from '../link/fault-proxy.ts';
import type { LinkFaults } from '../link/faults.ts';
import { compareWithStore, storeRows } from './at-store.ts';
import { flipBytes, noFlips } from './flips.ts';
import { type Breach, createLedger } from './ledger.ts';
import type { Plant } from './plants.ts';
import { readOutbox } from './read-outbox.ts';
import { countOf, type KillReport, spreadOf } from './report.ts';
import { type Life, startWriter, type Writer, WriterSilent } from './writer-process.ts';

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
  /** An empty one. Outbox, logs and what was found lie in it; whoever asked takes it away. */
  readonly folder: string;
  onProgress(done: number): void;
}
const drawLink = (chance: Chance): LinkFaults => {
  const drawn = chance.fraction();
  if (drawn < 0.55) return {};
  if (drawn < 0.7) return { outage: 'refused' };
  if (drawn < 0.8) return { outage: 'silent' };
  if (drawn < 0.9) return { up: { delayMs: [5, 60] }, down: { delayMs: [5, 60] } };
  return { cut: { chance: 0.5, afterBytes: [200, 20_000] } };
};

/** After one of these nothing more can be proved. */
const LAST: ReadonlySet<Breach['what']> = new Set(['ended', 'hung', 'harness']);

/**
 * A console's core that writes real acts and is killed again and again, beside a real store to which it sends them. It always ends with a report: what
 * fails on the way is a breach.
 */
export async function runKills({ kills, seed, plant, folder, onProgress }: KillOptions): Promise<KillReport> {
  const began = performance.now();
  const chance = createChance(seed);
  const log = openSync(join(folder, 'writer.log'), 'a');
  const breaches: Breach[] = [];
  const fell = { writing: 0, between: 0, opening: 0 };
  const opens: { reopenMs: number; sinceSpawnMs: number }[] = [];
  const flips = noFlips();
  const ledger = createLedger();
  let live: Writer | null = null;
  let store = { commands: 0, effects: 0 };
  let desk: BenchDesk | null = null;
  let link: FaultProxy | null = null;

  /** Written down as it comes. */
  function found(...more: readonly Breach[]): void {
    breaches.push(...more);
    for (const { what, detail } of more) appendFileSync(join(folder, 'breaches.txt'), `${what}: ${detail}\n`);
  }
  const isOver = () => breaches.some(({ what }) => LAST.has(what) || plant !== null);
  /** False: it had ended before. */
  function ended({ endedItself }: Life): boolean {
    if (endedItself !== null) found({ what: 'ended', detail: `the writer ended by itself: ${endedItself}` });
    return endedItself !== null;
  }

  try {
    desk = await openBenchDesk();
    await organise(desk.databaseUrl);
    const storeUrl = new URL(await desk.serve());
    link = await createFaultProxy({ target: { host: storeUrl.hostname, port: Number(storeUrl.port) }, seed });
    await killAll(desk, link);
  } catch (error) {
    found({ what: error instanceof WriterSilent ? error.what : 'harness', detail: String(error) });
  } finally {
    await (live as Writer | null)?.kill();
    if (breaches.length > 0 && desk !== null) await keepStore(desk);
    await link?.close();
    closeSync(log);
    await desk?.close();
  }
  const all = fell.writing + fell.between + fell.opening;
  if (!isOver() && all !== kills) found({ what: 'fewer', detail: `${all} kills were made of ${kills}` });
  return report(all);

  async function killAll(desk: BenchDesk, link: FaultProxy): Promise<void> {
    const dataDir = join(folder, 'console');
    const path = profilePaths(dataDir, profileId(link.url, USER)).outbox;
    const start = (): Writer => {
      live = startWriter({ dataDir, storeUrl: link.url, plant, stderr: log, compiled: join(desk.folder, 'compiled') });
      return live;
    };
    async function opened(writer: Writer): Promise<void> {
      const { reopenMs, sinceSpawnMs } = await writer.heard('open');
      opens.push({ reopenMs, sinceSpawnMs });
      found(...ledger.judge(readOutbox(path, ledger.judgedTo())));
    }
    async function firstLife(): Promise<void> {
      const writer = start();
      await writer.heard('open');
      writer.send({ kind: 'signIn', user: USER, password: PASSWORD });
      await writer.heard('signedIn');
      writer.send({ kind: 'write', from: ledger.next(), ticketIds: [], pauseMs: 0, padding: 0 });
      await Promise.race([writer.heard('saved'), writer.heard('refused')]);
      await sleep(WRITING_MS);
      const life = await writer.kill();
      ledger.take(life.said);
      ended(life);
    }
    /** One life and its end. Only a kill that ended it counts. */
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
      const life = await writer.kill();
      const where = ledger.take(life.said);
      if (!ended(life)) fell[where] += 1;
    }

    await firstLife();
    for (let n = 1; n <= kills && !isOver(); n += 1) {
      await killOnce();
      if (n % FLIP_EVERY === 0) found(...flipBytes(path, join(folder, 'flipped'), chance, flips));
      if (n % WHOLE_EVERY === 0) found(...wholeAgain(path));
      onProgress(n);
    }
    if (isOver()) return;
    link.set({});
    const last = start();
    await opened(last);
    found(...wholeAgain(path));
    if (await drained(path)) {
      const compared = await compareWithStore(desk.databaseUrl, readOutbox(path, 0));
      store = { commands: compared.commands, effects: compared.effects };
      found(...compared.breaches);
    } else found({ what: 'lost', detail: 'the outbox did not empty after the last kill' });
    ended(await last.kill());
  }

  /** A ledger that knows nothing yet reads the file from its beginning: all that was ever saved has to be in it. */
  function wholeAgain(path: string): Breach[] {
    const again = createLedger();
    again.take(Array.from({ length: ledger.saved() }, (_, no) => ({ kind: 'saved', no })));
    return again.judge(readOutbox(path, 0));
  }
  async function drained(path: string): Promise<boolean> {
    const deadline = performance.now() + DRAINED_MS;
    while (performance.now() < deadline) {
      if (readOutbox(path, 0).commands.every(({ outcome }) => outcome !== null)) return true;
      await sleep(100);
    }
    return false;
  }
  /** Its database goes with its desk. */
  async function keepStore({ databaseUrl }: BenchDesk): Promise<void> {
    try {
      writeFileSync(join(folder, 'at-store.json'), JSON.stringify(await storeRows(databaseUrl), null, 1));
    } catch (error) {
      found({ what: 'harness', detail: `the store could not be kept: ${String(error)}` });
    }
  }
  function report(all: number): KillReport {
    const { begun, kept } = ledger.unanswered();
    const ok = breaches.length === 0;
    const made: KillReport = {
      ok,
      seed,
      plant,
      kills: { all, ...fell },
      requests: { saved: ledger.saved(), unanswered: begun, unansweredButKept: kept },
      reopen: spreadOf(opens.map(({ reopenMs }) => reopenMs)),
      ready: spreadOf(opens.map(({ sinceSpawnMs }) => sinceSpawnMs)),
      store,
      flips,
      seconds: round((performance.now() - began) / 1_000),
      breaches: countOf(breaches),
      evidence: breaches.slice(0, 100).map(({ what, detail }) => `${what}: ${detail}`),
      folder: ok ? null : folder,
    };
    if (!ok) writeFileSync(join(folder, 'report.json'), JSON.stringify(made, null, 1));
    return made;
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
