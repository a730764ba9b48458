import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FILL_PAGE_ROWS } from '../src/core/sync/first-fill.ts';
import { profileId, profilePaths } from '../src/platform-node/profiles.ts';
import { createPasswords } from '../src/store/auth/passwords.ts';
import { sha256 } from '../src/store/commands/sha256.ts';
import { createDeskStore } from '../src/store/db/desk-store.ts';
import { importLog } from '../src/store/import/bpic13/import-log.ts';
import { type BenchDesk, openBenchDesk } from './support/desk.ts';
import { atLeast, atMost, type BenchReport, median, round, timed } from './support/figures.ts';
import { fill } from './support/fill-console.ts';
import { shapeOfFill } from './support/generated-desk.ts';
import { killedFill } from './support/killed-fill.ts';
import { loadGenerated } from './support/load-generated.ts';
import { rawInsertRate } from './support/raw-insert.ts';

/** What the console is filled with: an imported log, or generated tickets with two notes each. */
export type FillSource = { readonly log: string } | { readonly tickets: number };
const SEED = 7;

/**
 * A fresh console's first fill over HTTP with sign-in and scope, against the raw rate at which better-sqlite3 takes the same
 * rows into the same schema, indexes and full text, from memory, in the same run; then one that is killed at a random point
 * and gone on with.
 */
export async function benchFirstFill(source: FillSource, rounds: number): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const { deskId, personId, figures } =
      'log' in source ? await imported(desk, source.log) : await generated(desk, source.tickets);
    const account = await desk.addSupervisor(deskId, personId);
    const storeUrl = await desk.serve();

    const fillRates: number[] = [];
    const fillMs: number[] = [];
    const rawRates: number[] = [];
    const usableMs: number[] = [];
    let rowCount = 0;
    for (let round = 0; round < rounds; round++) {
      const dataDir = join(desk.folder, `console-${round}`);
      const filled = await fill(storeUrl, dataDir, account);
      const raw = rawInsertRate(profilePaths(dataDir, profileId(storeUrl, account.user)).cache);
      rmSync(dataDir, { recursive: true });
      rowCount = filled.rows;
      fillRates.push(filled.rows / (filled.ms / 1000));
      fillMs.push(filled.ms);
      usableMs.push(filled.usableMs);
      rawRates.push(raw.rowsPerSecond);
    }
    const pages = Math.ceil(rowCount / FILL_PAGE_ROWS);
    const when = { after: randomInt(1, pages), delayMs: randomInt(0, 120) };
    const killed = await killedFill(storeUrl, join(desk.folder, 'killed'), account, when);
    const rate = median(fillRates);
    const raw = median(rawRates);
    return {
      bench: 'first-fill',
      figures: {
        rows: rowCount,
        ...figures,
        fillMs: fillMs.map(round),
        fillRowsPerSecond: fillRates.map(round),
        rawRowsPerSecond: rawRates.map(round),
        ratio: round(rate / raw),
        queueUsableMs: usableMs.map(round),
        killedAfterPages: killed.before,
        killedOfPages: killed.pages,
        pagesFetchedAgain: killed.again,
      },
      targets: [
        atLeast('rows a second, median', rate, 50_000),
        atLeast('share of the raw insert rate', rate / raw, 0.5),
        atMost('first rows in the queue, ms, worst', Math.max(...usableMs), 2_000),
        atMost('pages fetched again after SIGKILL', killed.again, 1),
      ],
    };
  } finally {
    await desk.close();
  }
}

async function generated(desk: BenchDesk, tickets: number) {
  const [loaded, ms] = await timed(() => loadGenerated(desk.db, shapeOfFill(SEED, tickets)));
  return { ...loaded, figures: { tickets: loaded.tickets, notes: 2 * loaded.tickets, loadMs: round(ms) } };
}

async function imported({ db }: BenchDesk, log: string) {
  const deps = {
    db,
    passwords: createPasswords(),
    desks: createDeskStore(db),
    sha256,
    now: Date.now,
    shouldStop: () => false,
  };
  const [done, ms] = await timed(() => importLog({ ...deps, onProgress: () => undefined }, log));
  if (!done.ok) throw new Error(done.error.code);
  const { deskId, submitted } = done.value;
  const { rows } = await db.pool.query<{ id: string }>('select id from people where desk_id = $1 order by id limit 1', [
    deskId,
  ]);
  const figures = { importMs: round(ms), importCommandsPerSecond: round(submitted.total / (ms / 1000)) };
  return { deskId, personId: rows[0]?.id ?? '', figures };
}
