import { join } from 'node:path';
import { z } from 'zod';
import { leanConsole } from '../../launcher/trial/programs.ts';
import { FILL_PAGE_ROWS } from '../../src/core/sync/first-fill.ts';
import { createDice } from '../../src/store/seed/trial/dice.ts';
import { createFaultProxy, type FaultProxy } from '../../torture/link/fault-proxy.ts';
import { passed } from '../support/away.ts';
import { startPeerProcess } from '../support/child.ts';
import type { BenchAccount, BenchDesk } from '../support/desk.ts';
import { openBenchDesk } from '../support/desk.ts';
import { round, timed } from '../support/figures.ts';
import { shapeOfFill } from '../support/generated-desk.ts';
import { killedFill } from '../support/killed-fill.ts';
import { loadGenerated } from '../support/load-generated.ts';
import { peakMemoryMb } from '../support/peak-memory.ts';

export const SEED = 7;
const root = join(import.meta.dirname, '..', '..');
const consoleModule = join(import.meta.dirname, '..', 'support', 'console-child.ts');
const filledSchema = z.object({ ms: z.number(), usableMs: z.number(), rows: z.number() });

/** A console that is filled, and stopped. */
export interface Filled {
  readonly account: BenchAccount;
  readonly dataDir: string;
  /** What its fill came to. */
  readonly figures: Readonly<Record<string, number>>;
}
/** One desk of a size for all works: its store, and two consoles that are filled when the first work wants them. */
export interface Site {
  readonly desk: BenchDesk;
  readonly deskId: string;
  readonly storeUrl: string;
  /** To the same store, with no faults: it counts, and can be shut. Consoles know a store on loopback whatever its port. */
  readonly link: FaultProxy;
  /** Filled directly, in a process of its own. */
  first(): Promise<Filled>;
  /** Killed at a point that follows from the size, and gone on with, through the link. */
  second(): Promise<Filled>;
  /** Calls a console in a process of its own, as the launcher starts one; gives its answer and the most memory that it held. */
  inChild(method: 'fill' | 'queue', params: object): Promise<{ value: unknown; peakMb: number }>;
  close(): Promise<void>;
}

export async function openSite(size: number, tell: (line: string) => void): Promise<Site> {
  const desk = await openBenchDesk();
  try {
    tell(`loading ${size} tickets`);
    const [{ deskId, personId, entries }, loadMs] = await timed(() => loadGenerated(desk.db, shapeOfFill(SEED, size)));
    tell(`loaded in ${round(loadMs / 1_000)} s`);
    const storeUrl = await desk.serve();
    const target = { host: '127.0.0.1', port: Number(new URL(storeUrl).port) };
    const link = await createFaultProxy({ target, seed: size });
    const once = <T>(make: () => Promise<T>) => {
      let made: Promise<T> | null = null;
      return () => {
        made ??= make();
        return made;
      };
    };
    const inChild: Site['inChild'] = async (method, params) => {
      const child = startPeerProcess(consoleModule, [], leanConsole(root));
      try {
        const value = await child.call(method, params);
        return { value, peakMb: await peakMemoryMb(child.pid) };
      } finally {
        await child.stop();
      }
    };
    return {
      desk,
      deskId,
      storeUrl,
      link,
      inChild,
      first: once(async () => {
        tell('filling the first console');
        const account = await desk.addSupervisor(deskId, personId);
        const dataDir = join(desk.folder, 'first');
        const { value, peakMb } = await inChild('fill', { storeUrl, dataDir, account });
        const { ms, usableMs, rows } = filledSchema.parse(value);
        return { account, dataDir, figures: { rows, ms, rowsPerSecond: rows / (ms / 1_000), usableMs, peakMb } };
      }),
      second: once(async () => {
        tell('filling the second console, which is killed on the way');
        const account = await desk.addSupervisor(deskId, personId);
        const dataDir = join(desk.folder, 'second');
        const dice = createDice(SEED + size);
        const kill = { after: dice.int(1, Math.ceil((size + entries) / FILL_PAGE_ROWS)), delayMs: dice.int(0, 120) };
        const before = passed(link);
        const { pages, before: atPages, again } = await killedFill(link.url, dataDir, account, kill);
        return { account, dataDir, figures: { pages, atPages, again, bytes: passed(link) - before } };
      }),
      async close() {
        await link.close();
        await desk.close();
      },
    };
  } catch (error) {
    await desk.close();
    throw error;
  }
}
