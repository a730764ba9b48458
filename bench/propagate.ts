import { join } from 'node:path';
import { v7 } from 'uuid';
import { createPasswords } from '../src/store/auth/passwords.ts';
import { seedTrial, trialDefaults } from '../src/store/seed/trial.ts';
import { type Spawned, spawnTestConsole } from '../test/console-process/spawn.ts';
import { wholeQueue } from '../test/support/console/whole-queue.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round } from './support/figures.ts';

const WARM_UP = 20;
const ROUNDS = 300;

/**
 * From a note's save on console A to its row on console B, through the store over loopback: two real console processes, the
 * real store on PostgreSQL with durable settings, sign-in and scopes.
 */
export async function benchPropagate(): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const deps = { db: desk.db, passwords: createPasswords(), now: Date.now, onProgress: () => undefined };
    const seeded = await seedTrial(deps, trialDefaults);
    if (!seeded.ok) throw new Error(seeded.error);
    const [first, second] = seeded.value.accounts.filter((one) => one.role === 'technician' && one.tier === 1);
    if (first === undefined || second === undefined) throw new Error('the trial has too few technicians');
    const storeUrl = await desk.serve();
    const a = await open(storeUrl, join(desk.folder, 'a'), first);
    const b = await open(storeUrl, join(desk.folder, 'b'), second);
    try {
      const ticketIds = await someTickets(a);
      const samples: number[] = [];
      const saves: number[] = [];
      for (let n = 0; n < WARM_UP + ROUNDS; n++) {
        const { whole, save } = await once(a, b, ticketIds[n % ticketIds.length] ?? '', `Nota ${n} ${v7()}`);
        if (n < WARM_UP) continue;
        samples.push(whole);
        saves.push(save);
      }
      const p50 = percentile(samples, 0.5);
      const p95 = percentile(samples, 0.95);
      return {
        bench: 'propagate',
        figures: {
          rounds: ROUNDS,
          p50Ms: round(p50),
          p95Ms: round(p95),
          p99Ms: round(percentile(samples, 0.99)),
          saveP50Ms: round(percentile(saves, 0.5)),
          saveP95Ms: round(percentile(saves, 0.95)),
        },
        targets: [atMost('A → store → B, p50 in ms', p50, 20)],
      };
    } finally {
      await a.console.stop();
      await b.console.stop();
    }
  } finally {
    await desk.close();
  }
}

export async function open(
  storeUrl: string,
  dataDir: string,
  account: { user: string; password: string },
): Promise<Spawned> {
  const spawned = await spawnTestConsole(storeUrl, dataDir);
  await spawned.call('session.signIn', { user: account.user, password: account.password });
  await spawned.until('connection.get', {}, ({ state }) => state === 'online');
  return spawned;
}

/** Several, so that no timeline grows beyond what a ticket has in a desk's life. */
export async function someTickets({ call }: Spawned): Promise<string[]> {
  const { rows } = await call('queue.window', { ...wholeQueue, view: 'team', status: 'open', limit: 40 });
  if (rows.length === 0) throw new Error('the team has no ticket');
  return rows.map((row) => row.id);
}

/** B looks when it is told that there is news, as its screen does. */
export async function once(
  a: Spawned,
  b: Spawned,
  ticketId: string,
  text: string,
): Promise<{ whole: number; save: number }> {
  const arrived = Promise.withResolvers<number>();
  const look = async () => {
    const view = await b.call('ticket.get', { ticketId });
    const last = view?.entries.at(-1)?.event;
    if (last?.type === 'noteAdded' && last.text === text) arrived.resolve(performance.now());
  };
  const stop = b.console.onNews((news) => {
    if (news.view === 'ticket') void look();
  });
  const began = performance.now();
  const { results } = await a.call('acts.submit', {
    requestId: v7(),
    atomic: true,
    acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text } }],
    clearDraft: null,
  });
  const saved = performance.now();
  if (results[0]?.ok !== true) throw new Error('the note was refused');
  const end = await arrived.promise;
  stop();
  return { whole: end - began, save: saved - began };
}
