import { join } from 'node:path';
import Database from 'better-sqlite3';
import { profileId, profilePaths } from '../src/platform-node/profiles.ts';
import { createPasswords } from '../src/store/auth/passwords.ts';
import { sha256 } from '../src/store/commands/sha256.ts';
import { createDeskStore } from '../src/store/db/desk-store.ts';
import { importLog } from '../src/store/import/bpic13/import-log.ts';
import { spawnTestConsole } from '../test/console-process/spawn.ts';
import { openBenchDesk } from './support/desk.ts';
import { atLeast, type BenchReport, median, round, timed } from './support/figures.ts';
import { rawInsertRate } from './support/raw-insert.ts';

const ROUNDS = 3;

/**
 * A fresh console's first fill from the imported log, over HTTP with sign-in and scope, against the raw rate at which
 * better-sqlite3 takes the same rows into the same schema, indexes and full text, from memory, in the same run.
 */
export async function benchFirstFill(options: { log: string }): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const { db } = desk;
    const deps = {
      db,
      passwords: createPasswords(),
      desks: createDeskStore(db),
      sha256,
      now: Date.now,
      shouldStop: () => false,
    };
    const [imported, importMs] = await timed(() => importLog({ ...deps, onProgress: () => undefined }, options.log));
    if (!imported.ok) throw new Error(imported.error.code);
    const { deskId } = imported.value;
    const { rows } = await db.pool.query<{ id: string }>(
      'select id from people where desk_id = $1 order by id limit 1',
      [deskId],
    );
    const account = await desk.addSupervisor(deskId, rows[0]?.id ?? '');
    const storeUrl = await desk.serve();

    const fillRates: number[] = [];
    const rawRates: number[] = [];
    const usableMs: number[] = [];
    let rowCount = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const dataDir = join(desk.folder, `console-${round}`);
      const filled = await fill(storeUrl, dataDir, account);
      const raw = rawInsertRate(profilePaths(dataDir, profileId(storeUrl, account.user)).cache);
      rowCount = filled.rows;
      fillRates.push(filled.rows / (filled.ms / 1000));
      usableMs.push(filled.usableMs);
      rawRates.push(raw.rowsPerSecond);
    }
    const rate = median(fillRates);
    const raw = median(rawRates);
    return {
      bench: 'first-fill',
      figures: {
        rows: rowCount,
        fillRowsPerSecond: fillRates.map(round),
        rawRowsPerSecond: rawRates.map(round),
        ratio: round(rate / raw),
        queueUsableMs: usableMs.map(round),
        importMs: round(importMs),
        importCommandsPerSecond: round(imported.value.submitted.total / (importMs / 1000)),
      },
      targets: [
        atLeast('rows a second, median', rate, 25_000),
        atLeast('share of the raw insert rate', rate / raw, 0.5),
      ],
    };
  } finally {
    await desk.close();
  }
}

/** From the click on "Entrar" to the state "al día", and to the first row in the queue. */
export async function fill(storeUrl: string, dataDir: string, account: { user: string; password: string }) {
  const spawned = await spawnTestConsole(storeUrl, dataDir);
  try {
    const began = performance.now();
    let usableMs = Number.NaN;
    const online = Promise.withResolvers<void>();
    const look = async () => {
      const connection = await spawned.call('connection.get', {});
      if (connection.state === 'online') online.resolve();
    };
    spawned.console.onNews((news) => {
      if (news.view === 'connection') void look();
    });
    await spawned.call('session.signIn', account);
    const query = {
      view: 'all',
      status: 'any',
      siteId: null,
      teamId: null,
      assigneeId: null,
      kind: null,
      tier: null,
      text: '',
    } as const;
    for (;;) {
      const window = await spawned.call('queue.window', {
        ...query,
        sort: { by: 'priority', dir: 'desc' },
        offset: 0,
        limit: 50,
      });
      if (window.rows.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    usableMs = performance.now() - began;
    await look();
    await online.promise;
    const ms = performance.now() - began;
    return { ms, usableMs, rows: countRows(profilePaths(dataDir, profileId(storeUrl, account.user)).cache) };
  } finally {
    await spawned.console.stop();
  }
}

function countRows(cachePath: string): number {
  const db = new Database(cachePath, { readonly: true });
  try {
    const count = (table: string) => db.prepare<[], { n: number }>(`select count(*) as n from ${table}`).get()?.n ?? 0;
    return count('tickets') + count('entries') + count('directory');
  } finally {
    db.close();
  }
}
