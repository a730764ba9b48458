import { join } from 'node:path';
import { watchCpu } from './load/cpu.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round, timed } from './support/figures.ts';
import { noteRounds, open, seedPair, someTickets } from './support/note-rounds.ts';

export const WARM_UP = 20;
export const ROUNDS = 300;

/**
 * From a note's save on console A to its row on console B, through the store over loopback: two real console processes, the
 * real store on PostgreSQL with durable settings, sign-in and scopes.
 */
export async function benchPropagate(): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const { accounts } = await seedPair(desk);
    const { url: storeUrl, pid } = await desk.serveAt(0);
    const a = await open(storeUrl, join(desk.folder, 'a'), accounts[0]);
    const b = await open(storeUrl, join(desk.folder, 'b'), accounts[1]);
    try {
      const ticketIds = await someTickets(a);
      const cpu = watchCpu([pid], desk.postgresPid);
      const [{ wholes, saves }, ms] = await timed(() =>
        noteRounds(a, b, ticketIds, { rounds: ROUNDS, warmUp: WARM_UP }),
      );
      const cores = cpu.take();
      const aRound = (used: number) => round((used * ms) / (ROUNDS + WARM_UP));
      const p50 = percentile(wholes, 0.5);
      const p95 = percentile(wholes, 0.95);
      return {
        bench: 'propagate',
        figures: {
          rounds: ROUNDS,
          p50Ms: round(p50),
          p95Ms: round(p95),
          p99Ms: round(percentile(wholes, 0.99)),
          saveP50Ms: round(percentile(saves, 0.5)),
          saveP95Ms: round(percentile(saves, 0.95)),
          // What a round costs, whatever else the machine does.
          storeCpuMs: aRound(cores.stores),
          postgresCpuMs: aRound(cores.postgres),
          consolesCpuMs: aRound(cores.clients),
        },
        targets: [atMost('A → store → B, p50 in ms', p50, 10), atMost('A → store → B, p95 in ms', p95, 25)],
      };
    } finally {
      await a.console.stop();
      await b.console.stop();
    }
  } finally {
    await desk.close();
  }
}
