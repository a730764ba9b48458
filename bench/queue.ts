import { join } from 'node:path';
import { v7 } from 'uuid';
import { openCacheFile } from '../src/platform-node/cache-file.ts';
import { profileId, profilePaths } from '../src/platform-node/profiles.ts';
import type { QueueQuery } from '../src/protocol/console/rows.ts';
import { createPasswords } from '../src/store/auth/passwords.ts';
import { seedTrial, trialDefaults } from '../src/store/seed/trial.ts';
import { type Spawned, spawnTestConsole } from '../test/console-process/spawn.ts';
import { wholeQueue } from '../test/support/console/whole-queue.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round, timed } from './support/figures.ts';
import { generatedRows } from './support/generated-desk.ts';

const SAMPLES = 400;
/** Filters asked between two changes, where changes come in. */
const SAMPLES_A_CHANGE = 4;
const PAGE = 2_000;

const base: QueueQuery = { ...wholeQueue, status: 'open' };
const views = ['all', 'team', 'mine', 'unassigned', 'tier1', 'senior', 'citizen'] as const;
const sorts = ['priority', 'registered', 'updated', 'number', 'subject', 'requester', 'site'] as const;
const words = [
  'planillas',
  'impresora',
  'ORA-12541',
  'carpeta compartida',
  'rosa',
  'GEN-2026',
  'fus',
  'correo adjuntos',
  'ñahui',
  'ventanilla constancias',
  'in',
  'se',
];

/**
 * Latency of the queue as the screen asks for it, through the console process and its reader: filters and sorts, and search
 * as somebody types it, in a cache of `tickets` generated tickets with two notes each, offline. Every sample asks something else. Filters
 * are asked a second time while notes are added through the console, each on another ticket: then nothing worked out before holds any more.
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
    const window = (query: QueueQuery) => spawned.call('queue.window', query);
    try {
      const filters: number[] = [];
      const amidChanges: number[] = [];
      const searches: number[] = [];
      for (let i = 0; i < SAMPLES; i++) {
        const [, ms] = await timed(() => window({ ...base, ...filterOf(i) }));
        filters.push(ms);
      }
      const open = await window({ ...base, limit: SAMPLES / SAMPLES_A_CHANGE });
      for (let i = 0; i < SAMPLES; i++) {
        if (i % SAMPLES_A_CHANGE === 0) {
          const ticket = open.rows[i / SAMPLES_A_CHANGE];
          if (ticket === undefined) throw new Error('too few open tickets to note on');
          await addNote(spawned, ticket.id, `cambio ${i}`);
        }
        const [, ms] = await timed(() => window({ ...base, ...filterOf(i) }));
        amidChanges.push(ms);
      }
      for (let i = 0; i < SAMPLES; i++) {
        const word = words[i % words.length] ?? '';
        const typed = word.slice(0, 2 + (i % Math.max(1, word.length - 1)));
        const [, ms] = await timed(() =>
          window({ ...base, status: 'any', text: `${typed} ${i % 3 === 0 ? (i % 90) + 10 : ''}`.trim() }),
        );
        searches.push(ms);
      }
      const filterP95 = percentile(filters, 0.95);
      const amidP95 = percentile(amidChanges, 0.95);
      const searchP95 = percentile(searches, 0.95);
      return {
        bench: 'queue',
        figures: {
          tickets: options.tickets,
          samples: SAMPLES,
          filterP50Ms: round(percentile(filters, 0.5)),
          filterP95Ms: round(filterP95),
          filterAmidChangesP50Ms: round(percentile(amidChanges, 0.5)),
          filterAmidChangesP95Ms: round(amidP95),
          searchP50Ms: round(percentile(searches, 0.5)),
          searchP95Ms: round(searchP95),
        },
        targets: [
          atMost('filter p95 in ms', filterP95, 5),
          atMost('filter p95 amid changes in ms', amidP95, 5),
          atMost('search p95 in ms', searchP95, 50),
        ],
      };
    } finally {
      await spawned.console.stop();
    }
  } finally {
    await desk.close();
  }
}

async function addNote({ call }: Spawned, ticketId: string, text: string): Promise<void> {
  const { results } = await call('acts.submit', {
    requestId: v7(),
    atomic: true,
    acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text } }],
    clearDraft: null,
  });
  if (results[0]?.ok !== true) throw new Error('the note was refused');
}

/** Never the same question twice in a row, and none that a kept answer of the one before could serve. */
function filterOf(i: number): Partial<QueueQuery> {
  const by = sorts[i % sorts.length] ?? 'priority';
  const view = views[(i * 3) % views.length] ?? 'all';
  const status = (['open', 'any', 'resolved', 'pending'] as const)[(i >> 2) % 4] ?? 'open';
  return {
    view,
    status,
    sort: { by, dir: i % 2 === 0 ? 'desc' : 'asc' },
    offset: (i % 40) * 25,
    kind: i % 5 === 0 ? 'incident' : null,
  };
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
