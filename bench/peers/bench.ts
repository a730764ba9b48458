import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDice } from '../../src/store/seed/trial/dice.ts';
import { openBenchDesk } from '../support/desk.ts';
import { machine, round } from '../support/figures.ts';
import { shapeOfFill } from '../support/generated-desk.ts';
import { loadGenerated } from '../support/load-generated.ts';
import { chasquiPeer } from './chasqui/peer.ts';
import type { Digest } from './digest.ts';
import { installPeers } from './install.ts';
import type { Desk, OpenPeer, Peer, Work } from './peer.ts';
import { pouchPeer } from './pouchdb/peer.ts';
import { rxPeer } from './rxdb/peer.ts';
import { type Limit, limited } from './support/limited.ts';
import { rowsOfDesk, writeRows } from './support/rows.ts';
import { liveFigures, markdownOf, type RawRun, tableOf } from './table.ts';
import { targetsOf } from './targets.ts';
import { zeroPeer } from './zero/peer.ts';

const SEED = 2026;
/** Drains and live rounds are on a desk of this many tickets, new for every run. */
const SMALL_DESK = 1_000;
export const allPeers: readonly Peer[] = [chasquiPeer, pouchPeer, rxPeer, zeroPeer];

export interface PeersOptions {
  readonly sizes: readonly number[];
  /** Those of `sizes` at which consoles are killed as well. */
  readonly killedSizes: readonly number[];
  readonly runs: number;
  readonly peers: readonly string[];
  readonly works: readonly Work[];
  readonly writes: number;
  readonly rounds: number;
  readonly limitMs: number;
  /** Writes what there is so far, after every run. */
  readonly keep: boolean;
  tell(line: string): void;
}

/** The same work on Chasqui and on its peers, in turn within each run; every end state is compared outside the timed part. */
export async function benchPeers(options: PeersOptions) {
  const chosen = allPeers.filter((peer) => options.peers.includes(peer.name.toLowerCase()));
  if (chosen.some((peer) => peer !== chasquiPeer)) installPeers();
  const raw: RawRun[] = [];
  const report = () => ({
    bench: 'peers',
    seed: SEED,
    runs: options.runs,
    limitMs: options.limitMs,
    about: Object.fromEntries(chosen.map((peer) => [peer.name, peer.about])),
    table: tableOf(raw),
    targets: targetsOf(raw, options.limitMs),
    raw,
    machine: machine(),
    at: new Date().toISOString(),
  });
  const note = (run: RawRun) => {
    raw.push(run);
    const figures = Object.entries(run.figures).map(([name, value]) => `${name} ${round(value)}`);
    options.tell(
      `${run.peer} ${run.work} ${run.size} run ${run.run}: ${run.over ?? figures.join(', ')}${run.verified || run.over ? '' : ' WRONG END STATE'}`,
    );
    if (options.keep) keep(report());
  };
  const dice = createDice(SEED);
  const large = options.works.filter((work) => work === 'fill' || work === 'killed');
  const small = options.works.filter((work) => work === 'drain' || work === 'live');

  for (const size of options.sizes) {
    const here = large.filter((work) => work !== 'killed' || options.killedSizes.includes(size));
    if (here.length === 0) continue;
    await onDesk(size, async (desk) => {
      const opened = await openAll(chosen, desk, here);
      try {
        for (let run = 1; run <= options.runs; run++) {
          // The same place for everybody: somewhere between a tenth and nine tenths of the rows.
          const share = dice.int(100, 900) / 1_000;
          for (const work of here)
            for (const [peer, open] of opened)
              if (peer.does.includes(work))
                note(await runOne(peer, open, desk, work, { ...options, size, run, share }));
        }
      } finally {
        for (const [, open] of opened) await open.close();
      }
    });
  }
  for (let run = 1; small.length > 0 && run <= options.runs; run++)
    for (const work of small)
      for (const peer of chosen.filter((one) => one.does.includes(work)))
        await onDesk(SMALL_DESK, async (desk) => {
          const open = await peer.open(desk);
          try {
            const size = work === 'drain' ? options.writes : options.rounds;
            note(await runOne(peer, open, desk, work, { ...options, size, run, share: 1 }));
          } finally {
            await open.close();
          }
        });
  const whole = report();
  return {
    ...whole,
    markdown: markdownOf(
      whole.table,
      chosen.map((peer) => peer.name),
    ),
  };
}

async function openAll(peers: readonly Peer[], desk: Desk, wanted: readonly Work[]): Promise<[Peer, OpenPeer][]> {
  const opened: [Peer, OpenPeer][] = [];
  for (const peer of peers)
    if (wanted.some((work) => peer.does.includes(work))) opened.push([peer, await peer.open(desk)]);
  return opened;
}

async function onDesk(tickets: number, work: (desk: Desk) => Promise<void>): Promise<void> {
  const bench = await openBenchDesk();
  const folder = await mkdtemp(join(bench.folder, 'peers-'));
  try {
    const { deskId, personId } = await loadGenerated(bench.db, shapeOfFill(SEED, tickets));
    const rows = await writeRows(rowsOfDesk(bench.db, deskId), join(folder, 'rows.ndjson'));
    await work({ folder, store: { bench, deskId, personId }, rows });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await bench.close();
  }
}

interface Run extends Pick<PeersOptions, 'writes' | 'rounds' | 'limitMs'> {
  readonly size: number;
  readonly run: number;
  readonly share: number;
}

async function runOne(peer: Peer, open: OpenPeer, desk: Desk, work: Work, run: Run): Promise<RawRun> {
  const done = await limited(run.limitMs, (limit) => measure(open, desk, work, run, limit));
  const what = { peer: peer.name, work, size: run.size, run: run.run };
  return done.over
    ? { ...what, verified: false, figures: {}, over: `${done.reached} in ${done.limitMs / 60_000} min` }
    : { ...what, ...done.value };
}

type Measured = Pick<RawRun, 'figures' | 'verified'>;

async function measure(open: OpenPeer, { rows }: Desk, work: Work, run: Run, limit: Limit): Promise<Measured> {
  const same = (digest: Digest) => digest.rows === rows.digest.rows && digest.sha256 === rows.digest.sha256;
  const total = rows.tickets + rows.notes;
  switch (work) {
    case 'fill': {
      const got = await does(open.fill)(limit);
      const figures = { ms: got.ms, usableMs: got.usableMs, rowsPerSecond: total / (got.ms / 1_000) };
      return { verified: same(got.digest) && JSON.stringify(got.queue) === JSON.stringify(rows.queue), figures };
    }
    case 'killed': {
      const { atRows, again, pageRows, digest } = await does(open.killed)(limit, run.share);
      return { verified: same(digest), figures: { atRows, again, pages: again / pageRows } };
    }
    case 'drain': {
      const { ms, writeMs, arrived, orderKept } = await does(open.drain)(limit, run.writes);
      const figures = { ms, writeMs, arrived, orderKept: orderKept ? 1 : 0, writesPerSecond: arrived / (ms / 1_000) };
      return { verified: arrived === run.writes, figures };
    }
    case 'live': {
      const { samples } = await does(open.live)(limit, run.rounds);
      return { verified: samples.length === run.rounds, figures: liveFigures(samples) };
    }
  }
}

function does<T>(work: T | undefined): T {
  if (work === undefined) throw new Error('a peer says that it does a work that it has not');
  return work;
}

function keep(report: object): void {
  const folder = join(import.meta.dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'peers.json'), `${JSON.stringify(report, null, 2)}\n`);
}
