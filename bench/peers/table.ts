import { median, percentile, round } from '../support/figures.ts';
import type { Work } from './peer.ts';

/** One run of one work by one peer, as it is kept in the results. */
export interface RawRun {
  readonly peer: string;
  readonly work: Work;
  readonly size: number;
  readonly run: number;
  /** The end state is what it must be; false fails the bench. */
  readonly verified: boolean;
  /** What was measured, by name: times in milliseconds, rows as counts. */
  readonly figures: Readonly<Record<string, number>>;
  /** How far it came, when it was over its limit: then `figures` is empty. */
  readonly over?: string;
}

interface Column {
  readonly name: string;
  readonly of: (runs: readonly RawRun[]) => number;
  /** More is better: the ratio is Chasqui's over the peer's, else the other way round. */
  readonly more: boolean;
}
const each = (runs: readonly RawRun[], name: string): number[] => runs.map((run) => run.figures[name] ?? Number.NaN);
const columns: Readonly<Record<Work, readonly Column[]>> = {
  fill: [
    { name: 'rows/s', of: (runs) => median(each(runs, 'rowsPerSecond')), more: true },
    { name: 'usable ms', of: (runs) => median(each(runs, 'usableMs')), more: false },
  ],
  killed: [
    { name: 'rows again, worst', of: (runs) => Math.max(...each(runs, 'again')), more: false },
    { name: 'pages again, worst', of: (runs) => Math.max(...each(runs, 'pages')), more: false },
  ],
  drain: [{ name: 'ms', of: (runs) => median(each(runs, 'ms')), more: false }],
  live: [
    { name: 'p50 ms', of: (runs) => median(each(runs, 'p50Ms')), more: false },
    { name: 'p95 ms', of: (runs) => median(each(runs, 'p95Ms')), more: false },
  ],
};

export interface TableRow {
  readonly work: Work;
  readonly size: number;
  readonly figure: string;
  /** By peer; null where it was over its limit or does not do this work. */
  readonly values: Readonly<Record<string, number | null>>;
  /** How many times better Chasqui is than each peer; below 1 it is worse. */
  readonly ratios: Readonly<Record<string, number | null>>;
  readonly over: Readonly<Record<string, string>>;
}

export const OURS = 'Chasqui';

/** One row a figure of a work at a size. A peer with any run over its limit has no value there: the others would flatter it. */
export function tableOf(runs: readonly RawRun[]): TableRow[] {
  const groups = Map.groupBy(runs, ({ work, size }) => `${work} ${size}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { work, size } = first;
    const peers = [...Map.groupBy(group, ({ peer }) => peer)];
    const over: Record<string, string> = {};
    for (const [peer, list] of peers) for (const one of list) if (one.over !== undefined) over[peer] = one.over;
    return columns[work].map((column): TableRow => {
      const values: Record<string, number | null> = {};
      for (const [peer, list] of peers) values[peer] = peer in over ? null : column.of(list);
      const ours = values[OURS] ?? null;
      const ratios: Record<string, number | null> = {};
      for (const [peer, value] of Object.entries(values))
        if (peer !== OURS) ratios[peer] = ours === null || value === null ? null : ratioOf(ours, value, column.more);
      return { work, size, figure: column.name, values, ratios, over };
    });
  });
}

/** Null where one of them is 0: there is no such number of times. */
function ratioOf(ours: number, theirs: number, more: boolean): number | null {
  const [above, below] = more ? [ours, theirs] : [theirs, ours];
  return below === 0 || above === 0 ? null : above / below;
}

/** As Markdown, for a terminal and for docs. */
export function markdownOf(rows: readonly TableRow[], peers: readonly string[]): string {
  const others = peers.filter((peer) => peer !== OURS);
  const shown = (value: number | null | undefined, over: string | undefined) => {
    if (over !== undefined) return `over the limit (${over})`;
    return value === null || value === undefined || Number.isNaN(value) ? '-' : String(round(value));
  };
  const lines = [
    `| work | size | figure | ${peers.join(' | ')} | ${others.map((peer) => `× ${peer}`).join(' | ')} |`,
    `| --- | --- | --- |${' --- |'.repeat(peers.length + others.length)}`,
  ];
  for (const { work, size, figure, values, ratios, over } of rows) {
    const cells = peers.map((peer) => shown(values[peer], over[peer]));
    const times = others.map((peer) => shown(ratios[peer], undefined));
    lines.push(`| ${[work, size.toLocaleString('en'), figure, ...cells, ...times].join(' | ')} |`);
  }
  return lines.join('\n');
}

/** What the raw samples of a live run come to. */
export const liveFigures = (samples: readonly number[]): Record<string, number> => ({
  rounds: samples.length,
  p50Ms: percentile(samples, 0.5),
  p95Ms: percentile(samples, 0.95),
});
