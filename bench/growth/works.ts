import { z } from 'zod';
import { spawnTestConsole } from '../../test/console-process/spawn.ts';
import { queueFigures } from '../support/ask-queue.ts';
import { untilAtRest } from '../support/at-rest.ts';
import { type AwayWork, comeBack, openTickets } from '../support/away.ts';
import { drain, drainText, writeOffline } from '../support/drain.ts';
import { percentile } from '../support/figures.ts';
import { noteRounds, open } from '../support/note-rounds.ts';
import type { GrowthWork } from './kept.ts';
import { SEED, type Site } from './site.ts';

/** The same at every size: what grows is the desk. */
export interface GrowthOptions {
  readonly writes: number;
  readonly rounds: number;
  readonly away: AwayWork;
}
type Work = (site: Site, options: GrowthOptions) => Promise<Readonly<Record<string, number>>>;

const WARM_UP = 20;
/** Tickets written on in turn while offline, and in turn live. */
const DRAINED = 500;
const LIVE = 40;
const samplesSchema = z.object({
  filters: z.array(z.number()),
  amidChanges: z.array(z.number()),
  searches: z.array(z.number()),
});

export const doGrowthWork: Readonly<Record<GrowthWork, Work>> = {
  fill: async (site) => (await site.first()).figures,
  killed: async (site) => (await site.second()).figures,
  /** The first console's own cache, in a process of its own and offline. */
  async queue(site) {
    const { dataDir } = await site.first();
    return offline(site, async () => {
      const { value, peakMb } = await site.inChild('queue', { storeUrl: site.link.url, dataDir });
      return { ...queueFigures(samplesSchema.parse(value)), peakMb };
    });
  },
  async drain(site, { writes }) {
    const { dataDir, account } = await site.first();
    const console = await open(site.link.url, dataDir, account);
    try {
      // What another work left is no part of this one.
      await console.until('connection.get', {}, ({ pendingActs }) => pendingActs === 0);
      await untilAtRest();
      const ticketIds = await openTickets(site.desk, site.deskId, DRAINED);
      const writeMs = await offline(site, async () => {
        await console.until('connection.get', {}, ({ state }) => state === 'offline');
        return writeOffline(console, ticketIds, writes);
      });
      const ms = await drain(console, () => undefined);
      const arrived = await arrivedNotes(site);
      if (arrived !== writes) throw new Error(`${arrived} of ${writes} writes arrived`);
      return { writes, writeMs, ms };
    } finally {
      await console.console.stop();
    }
  },
  async propagate(site, { rounds }) {
    const [first, second] = [await site.first(), await site.second()];
    const a = await open(site.storeUrl, first.dataDir, first.account);
    const b = await open(site.storeUrl, second.dataDir, second.account);
    try {
      const restMs = await untilAtRest();
      const ticketIds = (await openTickets(site.desk, site.deskId, DRAINED)).slice(-LIVE);
      const { wholes, saves } = await noteRounds(a, b, ticketIds, { rounds, warmUp: WARM_UP });
      return {
        rounds,
        restMs,
        p50Ms: percentile(wholes, 0.5),
        p95Ms: percentile(wholes, 0.95),
        saveP50Ms: percentile(saves, 0.5),
      };
    } finally {
      await a.console.stop();
      await b.console.stop();
    }
  },
  async away(site, { away }) {
    const { dataDir, account, figures } = await site.second();
    const { desk, deskId, storeUrl, link } = site;
    // It begins where the store is, whatever other works have written: only what comes after is what it missed.
    const present = await spawnTestConsole(link.url, dataDir);
    await present.until('connection.get', {}, ({ state, pendingActs }) => state === 'online' && pendingActs === 0);
    await present.console.stop();
    const back = await comeBack(away, { desk, deskId, seed: SEED, storeUrl, link, dataDir, account });
    if (back.digestsThatDiffer > 0) throw new Error(`${back.digestsThatDiffer} groups of digests differ`);
    const fillBytes = figures['bytes'] ?? Number.NaN;
    return { ...back, fillBytes, shareOfFillBytes: back.bytes / fillBytes };
  },
};

async function offline<T>({ link }: Site, work: () => Promise<T>): Promise<T> {
  link.set({ outage: 'refused' });
  try {
    return await work();
  } finally {
    link.set({});
  }
}

async function arrivedNotes({ desk, deskId }: Site): Promise<number> {
  const { rows } = await desk.db.pool.query<{ n: number }>(
    `select count(*)::int as n from commands where desk_id = $1 and not refused and type = 'addNote' and envelope like $2`,
    [deskId, `%${drainText(0).slice(0, -6)}%`],
  );
  return rows[0]?.n ?? 0;
}
