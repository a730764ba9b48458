import { join } from 'node:path';
import { openCacheFile } from '../src/platform-node/cache-file.ts';
import { profileId, profilePaths } from '../src/platform-node/profiles.ts';
import { createPasswords } from '../src/store/auth/passwords.ts';
import { seedTrial, trialDefaults } from '../src/store/seed/trial.ts';
import { spawnTestConsole } from '../test/console-process/spawn.ts';
import { askQueue, queueFigures } from './support/ask-queue.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport } from './support/figures.ts';
import { generatedRows } from './support/generated-desk.ts';

const PAGE = 2_000;

/**
 * Latency of the queue as the screen asks for it, through the console process and its reader, in a cache of `tickets` generated tickets
 * with two notes each, offline.
 */
export async function benchQueue(options: { tickets: number }): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const deps = { db: desk.db, passwords: createPasswords(), now: Date.now, onProgress: () => undefined };
    const seeded = await seedTrial(deps, trialDefaults);
    const account = seeded.ok ? seeded.value.accounts.find((one) => one.role === 'administrator') : undefined;
    if (!seeded.ok || account === undefined) throw new Error('the trial has no administrator');
    const storeUrl = await desk.serve();
    const dataDir = join(desk.folder, 'console');
    const first = await spawnTestConsole(storeUrl, dataDir);
    await first.call('session.signIn', { user: account.user, password: account.password });
    await first.until('connection.get', {}, ({ state }) => state === 'online');
    await first.console.stop();
    await loadCache(profilePaths(dataDir, profileId(storeUrl, account.user)).cache, options.tickets);
    // The store has none of these tickets: a check of digests would take them out again, in the middle of the measuring.
    await desk.stopServing();

    const spawned = await spawnTestConsole(storeUrl, dataDir);
    try {
      const figures = queueFigures(await askQueue(spawned));
      return {
        bench: 'queue',
        figures: { tickets: options.tickets, ...figures },
        targets: [
          atMost('filter p95 in ms', figures.filterP95Ms, 5),
          atMost('filter p95 amid changes in ms', figures.filterAmidChangesP95Ms, 5),
          atMost('search p95 in ms', figures.searchP95Ms, 50),
        ],
      };
    } finally {
      await spawned.console.stop();
    }
  } finally {
    await desk.close();
  }
}

async function loadCache(path: string, tickets: number): Promise<void> {
  const opened = openCacheFile(path);
  if (!opened.ok) throw new Error(opened.error.code);
  const { port, close } = opened.value;
  let rows: Parameters<Parameters<Parameters<typeof port.transaction>[0]>[0]['upsert']>[0][number][] = [];
  const flush = () => {
    const page = rows;
    rows = [];
    const done = port.transaction((tx) => tx.upsert(page));
    if (!done.ok) throw new Error(done.error.code);
  };
  for await (const batch of generatedRows({ seed: trialDefaults.seed, tickets, claimed: 100, resolved: 67 })) {
    rows.push(...batch);
    if (rows.length >= PAGE) flush();
  }
  flush();
  close();
}
