import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChance } from '../simulator/time/chance.ts';
import type { Database } from '../src/store/db/pool.ts';
import type { Spawned } from '../test/console-process/spawn.ts';
import { createFaultProxy, type FaultProxy } from '../torture/link/fault-proxy.ts';
import type { LinkFaults } from '../torture/link/faults.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round } from './support/figures.ts';
import { once, open, seedPair, someTickets } from './support/note-rounds.ts';

export interface FarOptions {
  /** Notes that are measured. */
  readonly rounds: number;
  /** Milliseconds between two of them, on average. */
  readonly every: number;
  /** Seconds between two cuts of a console's link, on average; all its connections are cut at once. */
  readonly cutEvery: number;
  readonly seed: number;
}

const ROUND_TRIP_MS = 300;
const LOSS = 0.05;
/** What TCP waits before it repeats the last segment sent: the round trip and never less than 200 ms beside it. Doubled each time. */
const REPEAT_MS = ROUND_TRIP_MS + 200;
const WARM_UP = 10;
/** A note that did not arrive by then, counted from the last one's save, counts as not arrived. */
const PATIENCE_MS = 120_000;

/** Half of the round trip each way, loss in both, a round trip for each new connection, and cuts, half of them resets. */
export const farLink = (cutEvery: number): LinkFaults => {
  const way = { delayMs: ROUND_TRIP_MS / 2, loss: { chance: LOSS, baseMs: REPEAT_MS } };
  return {
    openMs: ROUND_TRIP_MS,
    up: way,
    down: way,
    ...(cutEvery > 0 ? { cutEvery: { ms: [cutEvery * 500, cutEvery * 1_500], kind: 'either' } } : {}),
  };
};

/**
 * As `propagate`, but both consoles are far from the store, each behind a link of its own. Notes do not wait for one another: each is
 * on a ticket of its own while it is under way, and measured by itself. At the end each is looked for at the store and at B.
 */
export async function benchFar({ rounds, every, cutEvery, seed }: FarOptions): Promise<BenchReport> {
  const desk = await openBenchDesk();
  const links: FaultProxy[] = [];
  const consoles: Spawned[] = [];
  try {
    const { deskId, accounts } = await seedPair(desk);
    const store = new URL(await desk.serve());
    const target = { host: store.hostname, port: Number(store.port) };
    for (const [n, account] of accounts.entries()) {
      const link = await createFaultProxy({ target, seed: seed + n });
      links.push(link);
      consoles.push(await open(link.url, join(desk.folder, `console-${n}`), account));
    }
    const [a, b] = consoles;
    if (a === undefined || b === undefined) throw new Error('two consoles');
    const ticketIds = await someTickets(a);
    for (const link of links) link.set(farLink(cutEvery));

    const { texts, samples } = await writeNotes(a, b, ticketIds, { rounds, every, seed });
    const counts = links.map((link) => ({ ...link.counts }));
    const sum = (of: (one: (typeof counts)[number]) => number) => counts.reduce((all, one) => all + of(one), 0);
    const wholes = samples.map(({ whole }) => whole);
    // Healed, so that what did not arrive may still do so and be told from what is lost.
    for (const link of links) link.set({});
    await a.until('connection.get', {}, ({ pendingActs }) => pendingActs === 0);
    const found = await lookFor(desk.db, deskId, b, texts);
    const p95 = percentile(wholes, 0.95);
    return {
      bench: 'far',
      figures: {
        rounds,
        seed,
        roundTripMs: ROUND_TRIP_MS,
        lossPercentEachWay: LOSS * 100,
        repeatedAfterMs: REPEAT_MS,
        secondsBetweenCutsOfALink: cutEvery,
        p50Ms: round(percentile(wholes, 0.5)),
        p95Ms: round(p95),
        p99Ms: round(percentile(wholes, 0.99)),
        worstMs: round(Math.max(...wholes)),
        over3Seconds: wholes.filter((ms) => ms > 3_000).length,
        saveP95Ms: round(
          percentile(
            samples.map(({ save }) => save),
            0.95,
          ),
        ),
        connections: sum((one) => one.connections),
        connectionsCut: sum((one) => one.cutRst + one.cutFin),
        segmentsLost: sum((one) => one.lost),
        stalledMs: round(sum((one) => one.lostMs)),
        notArrivedInTime: rounds - samples.length,
        ...found,
      },
      targets: [
        atMost('A → store → B, p95 in ms', p95, 3_000),
        atMost('notes that did not arrive in time', rounds - samples.length, 0),
        atMost('notes lost, at the store or at B', found.lost, 0),
        atMost('notes doubled, at the store or at B', found.doubled, 0),
      ],
    };
  } finally {
    for (const { console } of consoles) await console.stop();
    for (const link of links) await link.close();
    await desk.close();
  }
}

interface Written {
  readonly texts: readonly { readonly text: string; readonly ticketId: string }[];
  /** Of those that arrived in time, the first few left out. */
  readonly samples: readonly { readonly whole: number; readonly save: number }[];
}

/** Saves notes at A whatever is under way, and measures each until it is at B. */
async function writeNotes(
  a: Spawned,
  b: Spawned,
  ticketIds: readonly string[],
  { rounds, every, seed }: Pick<FarOptions, 'rounds' | 'every' | 'seed'>,
): Promise<Written> {
  const samples: Written['samples'][number][] = [];
  const texts: Written['texts'][number][] = [];
  const busy = new Set<string>();
  const chance = createChance(seed, 1);
  const underWay: Promise<void>[] = [];
  for (let n = 0; n < WARM_UP + rounds; n++) {
    const free = ticketIds.filter((id) => !busy.has(id));
    const ticketId = chance.pick(free.length > 0 ? free : ticketIds);
    const text = `Nota lejana ${seed}-${String(n).padStart(5, '0')}`;
    texts.push({ text, ticketId });
    busy.add(ticketId);
    const measured = once(a, b, ticketId, text).then((sample) => {
      busy.delete(ticketId);
      if (n >= WARM_UP) samples.push(sample);
    });
    underWay.push(measured);
    if (n % 50 === 49) tell(`${n + 1} notes written, ${samples.length} of them measured`);
    await sleep(every * (0.5 + chance.fraction()));
  }
  await Promise.race([Promise.all(underWay), sleep(PATIENCE_MS, null, { ref: false })]);
  return { texts, samples: [...samples] };
}

/** How many of these texts are missing, or more than once, in the store's timelines or in B's, once B has caught up. */
async function lookFor(
  db: Database,
  deskId: string,
  b: Spawned,
  texts: readonly { readonly text: string; readonly ticketId: string }[],
): Promise<{ lost: number; doubled: number }> {
  const { rows } = await db.pool.query<{ text: string }>(
    `select doc::jsonb #>> '{event,text}' as text from entries where desk_id = $1 and type = 'noteAdded'`,
    [deskId],
  );
  const atStore = Map.groupBy(rows, (row) => row.text);
  const atB = new Map<string, number>();
  for (const ticketId of new Set(texts.map((one) => one.ticketId))) {
    const view = await b.until('ticket.get', { ticketId }, (found) => {
      const held = new Set(found?.entries.map(({ event }) => (event.type === 'noteAdded' ? event.text : '')));
      return texts.every((one) => one.ticketId !== ticketId || !atStore.has(one.text) || held.has(one.text));
    });
    for (const { event } of view?.entries ?? [])
      if (event.type === 'noteAdded') atB.set(event.text, (atB.get(event.text) ?? 0) + 1);
  }
  const times = texts.map(({ text }) => [atStore.get(text)?.length ?? 0, atB.get(text) ?? 0]);
  return {
    lost: times.filter((both) => both.includes(0)).length,
    doubled: times.filter((both) => both.some((n) => n > 1)).length,
  };
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);
