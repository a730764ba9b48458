import type { GrowthRun, GrowthWork } from './kept.ts';

export interface Series {
  readonly work: GrowthWork;
  readonly figure: string;
  readonly label: string;
  readonly target?: number;
}
/** One of the small multiples, and its lines of the table. */
export interface Panel {
  readonly title: string;
  /** Of the values shown: those of the figures times `factor`. */
  readonly unit: string;
  readonly factor?: number;
  readonly series: readonly Series[];
}

export const panels: readonly Panel[] = [
  {
    title: 'First fill',
    unit: 'rows/s',
    series: [{ work: 'fill', figure: 'rowsPerSecond', label: 'until up to date', target: 50_000 }],
  },
  {
    title: 'First rows in the queue',
    unit: 'ms',
    series: [{ work: 'fill', figure: 'usableMs', label: 'from the sign-in', target: 2_000 }],
  },
  {
    title: 'Queue and search, p95',
    unit: 'ms',
    series: [
      { work: 'queue', figure: 'searchP95Ms', label: 'search', target: 50 },
      { work: 'queue', figure: 'filterAmidChangesP95Ms', label: 'filters amid changes', target: 5 },
      { work: 'queue', figure: 'filterP95Ms', label: 'filters', target: 5 },
    ],
  },
  {
    title: 'Memory of the console’s process, at most',
    unit: 'MB',
    series: [
      { work: 'fill', figure: 'peakMb', label: 'while it is filled', target: 300 },
      { work: 'queue', figure: 'peakMb', label: 'while it is asked', target: 300 },
    ],
  },
  {
    title: '10,000 offline writes drained',
    unit: 's',
    factor: 0.001,
    series: [{ work: 'drain', figure: 'ms', label: 'until all are answered', target: 10 }],
  },
  {
    title: 'A → store → B',
    unit: 'ms',
    series: [
      { work: 'propagate', figure: 'p95Ms', label: 'p95', target: 25 },
      { work: 'propagate', figure: 'p50Ms', label: 'p50', target: 10 },
    ],
  },
  {
    title: 'Back after 30 days of 200 acts',
    unit: 'ms',
    series: [{ work: 'away', figure: 'caughtUpMs', label: 'until caught up' }],
  },
  {
    title: 'On the wire',
    unit: 'MB',
    factor: 1e-6,
    series: [
      { work: 'away', figure: 'fillBytes', label: 'a whole fill' },
      { work: 'away', figure: 'bytes', label: 'back after 30 days' },
    ],
  },
];

/** What is 0 where all is well has no place on a logarithmic axis: in the table only. */
const besides: readonly Panel[] = [
  {
    title: 'Killed fill',
    unit: 'pages',
    series: [
      { work: 'killed', figure: 'pages', label: 'of it' },
      { work: 'killed', figure: 'again', label: 'fetched again' },
    ],
  },
  {
    title: 'Back after 30 days',
    unit: '',
    series: [
      { work: 'away', figure: 'snapshotPages', label: 'snapshot pages' },
      { work: 'away', figure: 'rowsFetched', label: 'rows fetched' },
    ],
  },
];

export interface Point {
  readonly size: number;
  readonly value: number;
}

/** What was measured of a series, by size. */
export const pointsOf = (runs: readonly GrowthRun[], { work, figure }: Series, factor = 1): Point[] =>
  runs
    .flatMap(({ size, figures, ...run }) => {
      const value = run.work === work ? figures[figure] : undefined;
      return value === undefined ? [] : [{ size, value: value * factor }];
    })
    .sort((a, b) => a.size - b.size);

export const sizesOf = (runs: readonly GrowthRun[]): number[] =>
  [...new Set(runs.map((run) => run.size))].sort((a, b) => a - b);

/** Three digits, and thousands as k, M. */
export function short(value: number): string {
  const [unit, by] = value >= 999_500 ? [' M', 1e6] : value >= 9_995 ? [' k', 1e3] : ['', 1];
  return `${Number((value / by).toPrecision(3))}${unit}`;
}

/** The same figures as the panels, and those that are not drawn, as Markdown. A size that a work was not measured at has a dash. */
export function growthTable(runs: readonly GrowthRun[]): string {
  const sizes = sizesOf(runs);
  const lines = [
    `| tickets | ${sizes.map((size) => size.toLocaleString('en')).join(' | ')} | target |`,
    `| --- |${' --- |'.repeat(sizes.length + 1)}`,
  ];
  for (const { title, unit, factor, series } of [...panels, ...besides])
    for (const one of series) {
      const points = new Map(pointsOf(runs, one, factor).map(({ size, value }) => [size, value]));
      if (points.size === 0) continue;
      const cells = sizes.map((size) => {
        const value = points.get(size);
        return value === undefined ? '-' : short(value);
      });
      const name = `${title}: ${one.label}${unit === '' ? '' : `, ${unit}`}`;
      lines.push(`| ${name} | ${cells.join(' | ')} | ${one.target === undefined ? '' : short(one.target)} |`);
    }
  return lines.join('\n');
}
