import { watchCpu } from './load/cpu.ts';
import { type ConsoleFigures, type LiveConsole, openConsole } from './load/live-console.ts';
import { makeLoadDesk } from './load/organisation.ts';
import { startTechnician } from './load/technician.ts';
import { openBenchDesk, type ServingStore } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round } from './support/figures.ts';

export interface LoadOptions {
  /** Live consoles, each with a stream of its own. */
  readonly consoles: number;
  /** How many of them work. */
  readonly technicians: number;
  /** Of work; half a minute of rest before it. */
  readonly minutes: number;
  /** Teams and sites over which the people are spread: who sees a ticket. */
  readonly sites: number;
  /** Seconds between two acts of a technician. */
  readonly every: number;
}

/** As people come in the morning, only faster. */
const CONNECT_AT_ONCE = 5;
const CONNECT_MS = 100;
const IDLE_MS = 30_000;
const DOWN_MS = 3_000;
const CAUGHT_UP_MS = 180_000;

/**
 * A desk at work: consoles that listen, technicians who act, two store processes on one PostgreSQL, on this machine together with the consoles. Then
 * both stores are restarted, and all consoles come back.
 */
export async function benchLoad({ consoles, technicians, minutes, sites, every }: LoadOptions): Promise<BenchReport> {
  const desk = await openBenchDesk();
  const figures: ConsoleFigures = { pushes: [], pulls: 0, rows: 0, refused: 0, failures: 0 };
  const live: LiveConsole[] = [];
  try {
    const made = await makeLoadDesk(desk.db, consoles, sites);
    let stores: readonly ServingStore[] = await Promise.all([desk.serveAt(0), desk.serveAt(0)]);
    const urls = stores.map(({ url }) => url);
    for (const [n, seat] of made.seats.entries()) {
      live.push(openConsole(urls[n % urls.length] ?? '', seat, figures));
      if (n % CONNECT_AT_ONCE === 0) await sleep(CONNECT_MS);
    }
    const connectMs = await until(() => live.every((one) => one.live()), CAUGHT_UP_MS);

    tell(`${live.filter((one) => one.live()).length} consoles live after ${round(connectMs / 1_000)} s`);
    const cpu = watchCpu(
      stores.map(({ pid }) => pid),
      desk.postgresPid,
    );
    await sleep(IDLE_MS);
    const idle = cpu.take();

    tell(`at rest: ${round(idle.stores)} cores of the stores`);
    const stops = live.slice(0, technicians).map((one) => startTechnician(one, every * 1_000));
    await sleep(every * 1_000);
    Object.assign(figures, { pulls: 0, rows: 0, failures: 0 });
    figures.pushes.length = 0;
    cpu.take();
    const began = performance.now();
    await sleep(minutes * 60_000);
    const busy = cpu.take();
    const seconds = (performance.now() - began) / 1_000;
    const { pulls, rows, failures, refused } = figures;
    const pushes = [...figures.pushes];

    tell(`at work: push p95 ${round(percentile(pushes, 0.95))} ms, ${round(pulls / seconds)} pulls a second`);
    await Promise.all(stores.map((store) => store.stop()));
    await sleep(DOWN_MS);
    for (const stop of stops) stop();
    stores = await Promise.all(urls.map((url) => desk.serveAt(Number(new URL(url).port))));
    const backMs = await until(() => isCaughtUp(live), CAUGHT_UP_MS);
    const left = live.filter((one) => !one.live() || one.pending() > 0).length;
    tell(`${left} not caught up ${round(backMs / 1_000)} s after the restart`);
    const untoldRows = await untold(live);
    const p95 = percentile(pushes, 0.95);
    return {
      bench: 'load',
      figures: {
        consoles,
        technicians,
        minutes,
        sites,
        secondsBetweenActs: every,
        consolesThatSeeATicket: round(made.seeing),
        connectSeconds: round(connectMs / 1_000),
        idleCoresStores: round(idle.stores),
        idleCoresPostgres: round(idle.postgres),
        idleCoresClients: round(idle.clients),
        pushesPerSecond: round(pushes.length / seconds),
        pushP50Ms: round(percentile(pushes, 0.5)),
        pushP95Ms: round(p95),
        pushP99Ms: round(percentile(pushes, 0.99)),
        pullsPerSecond: round(pulls / seconds),
        rowsPerSecond: round(rows / seconds),
        refused,
        failures,
        busyCoresStores: round(busy.stores),
        busyCoresPostgres: round(busy.postgres),
        busyCoresClients: round(busy.clients),
        caughtUpSeconds: round(backMs / 1_000),
        untoldRows,
      },
      targets: [
        atMost('push, p95 in ms', p95, 300),
        atMost(`${consoles} live consoles at rest, cores of the store processes`, idle.stores, 0.5),
        atMost('all caught up after a restart of the stores, seconds', backMs / 1_000, 60),
        atMost('rows that a console was not told of', untoldRows, 0),
      ],
    };
  } finally {
    for (const one of live) one.stop();
    await desk.close();
  }
}

/** All listen and stand where they were told that the log is, and nothing waits to be sent. */
const isCaughtUp = (live: readonly LiveConsole[]): boolean => live.every((one) => one.live() && one.pending() === 0);

/** Rows for its person that a console had not been told of, over all of them. */
async function untold(live: readonly LiveConsole[]): Promise<number> {
  let rows = 0;
  for (const one of live) rows += await one.ask();
  return rows;
}

/** @returns milliseconds that it took; no more than `atMostMs`, whether it holds by then or not */
async function until(holds: () => boolean, atMostMs: number): Promise<number> {
  const began = performance.now();
  while (!holds() && performance.now() - began < atMostMs) await sleep(50);
  return performance.now() - began;
}

const tell = (text: string) => void process.stderr.write(`${text}\n`);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
