import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a benchmark found. Times in milliseconds unless the name says otherwise. */
export interface BenchReport {
  readonly bench: string;
  readonly figures: Readonly<Record<string, number | string | readonly number[]>>;
  readonly targets: readonly Target[];
}
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly wanted: string;
  readonly met: boolean;
}

export const atLeast = (what: string, value: number, bound: number): Target => ({
  what,
  value: round(value),
  wanted: `≥ ${bound}`,
  met: value >= bound,
});
export const atMost = (what: string, value: number, bound: number): Target => ({
  what,
  value: round(value),
  wanted: `≤ ${bound}`,
  met: value <= bound,
});

export const round = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;

/** Nearest-rank percentile of unsorted samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

export const machine = (): Record<string, string | number> => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
});

export async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const began = performance.now();
  const value = await work();
  return [value, performance.now() - began];
}
