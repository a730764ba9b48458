import { join } from 'node:path';
import { createFaultProxy } from '../torture/link/fault-proxy.ts';
import { type AwayWork, comeBack, passed } from './support/away.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, round, timed } from './support/figures.ts';
import { shapeOfFill } from './support/generated-desk.ts';
import { loadGenerated } from './support/load-generated.ts';
import { runUnseen } from './support/unseen-console.ts';

const SEED = 31;

/**
 * A console that was away while the desk worked on fetches what changed and nothing else. Bytes are counted on the wire, beside those of
 * the whole fill with which it began in the same run. The calendar is not moved: what is away is the console, not the clock.
 */
export async function benchAway({ tickets, ...work }: AwayWork & { readonly tickets: number }): Promise<BenchReport> {
  const desk = await openBenchDesk();
  try {
    const [{ deskId, personId }, loadMs] = await timed(() => loadGenerated(desk.db, shapeOfFill(SEED, tickets)));
    tell(`${tickets} tickets loaded in ${round(loadMs / 1_000)} s`);
    const account = await desk.addSupervisor(deskId, personId);
    const storeUrl = await desk.serve();
    const link = await createFaultProxy({
      target: { host: '127.0.0.1', port: Number(new URL(storeUrl).port) },
      seed: SEED,
    });
    try {
      const dataDir = join(desk.folder, 'console');
      const filled = await runUnseen({ storeUrl: link.url, dataDir, account });
      const fillBytes = passed(link);
      tell(`filled: ${filled.pages.length} pages, ${fillBytes} bytes; now the desk works without it`);
      const back = await comeBack(work, { desk, deskId, seed: SEED, storeUrl, link, dataDir, account });
      return {
        bench: 'away',
        figures: {
          tickets,
          fillPages: filled.pages.length,
          fillMs: filled.onlineMs ?? Number.NaN,
          fillBytes,
          ...back,
          shareOfFillBytes: Math.round((back.bytes / fillBytes) * 10_000) / 10_000,
        },
        targets: [
          atMost('snapshot pages fetched', back.snapshotPages, 0),
          atMost('rows fetched, for each that changed', back.rowsFetched / back.rowsChanged, 1.05),
          atMost('groups of digests that differ afterwards', back.digestsThatDiffer, 0),
        ],
      };
    } finally {
      await link.close();
    }
  } finally {
    await desk.close();
  }
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);
