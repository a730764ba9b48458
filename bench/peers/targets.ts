import { atLeast, atMost, type Target } from '../support/figures.ts';
import type { Work } from './peer.ts';
import { OURS, type RawRun, type TableRow, tableOf } from './table.ts';

/** What is asked of Chasqui, at the largest size that was run, and of how many times better than a peer it is. */
export function targetsOf(runs: readonly RawRun[], limitMs: number): Target[] {
  const table = tableOf(runs);
  const row = (work: Work, figure: string): TableRow | undefined =>
    table.filter((one) => one.work === work && one.figure === figure).toSorted((a, b) => b.size - a.size)[0];
  const own = (work: Work, figure: string, target: (value: number) => Target): Target[] => {
    const value = row(work, figure)?.values[OURS];
    return value === null || value === undefined ? [] : [target(value)];
  };
  const ratios = (work: Work, figure: string, peers: readonly string[] | 'all') => {
    const found = row(work, figure);
    return found === undefined
      ? []
      : timesBetter(found, runs, limitMs).filter(([peer]) => peers === 'all' || peers.includes(peer));
  };
  const overPouch = ratios('fill', 'rows/s', ['PouchDB']).map(([, times]) => atLeast('fill, × PouchDB', times, 10));
  const drains = ratios('drain', 'ms', 'all').map(([, times]) => times);
  return [
    ...own('fill', 'rows/s', (value) => atLeast('fill, rows/s', value, 50_000)),
    ...own('fill', 'usable ms', (value) => atMost('queue usable in ms', value, 2_000)),
    ...overPouch,
    ...own('killed', 'pages again, worst', (value) => atMost('pages fetched again after a kill', value, 1)),
    ...own('drain', 'ms', (value) => atMost('drain in ms', value, 10_000)),
    ...(drains.length === 0 ? [] : [atLeast('drain, × the best peer', Math.min(...drains), 10)]),
    ...own('live', 'p50 ms', (value) => atMost('A → store → B, p50 in ms', value, 10)),
    ...own('live', 'p95 ms', (value) => atMost('A → store → B, p95 in ms', value, 25)),
  ];
}

/** A peer that was over its limit is at least so many times slower as Chasqui's slowest run goes into the limit. */
function timesBetter(
  { work, size, ratios, over }: TableRow,
  runs: readonly RawRun[],
  limitMs: number,
): [string, number][] {
  const ours = runs.filter((run) => run.peer === OURS && run.work === work && run.size === size);
  const slowest = Math.max(...ours.map((run) => run.figures['ms'] ?? Number.NaN));
  return Object.entries(ratios).flatMap(([peer, times]): [string, number][] => {
    const value = peer in over ? limitMs / slowest : times;
    return value === null || Number.isNaN(value) ? [] : [[peer, value]];
  });
}
