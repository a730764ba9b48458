import { percentile, round } from '../../bench/support/figures.ts';
import type { noFlips } from './flips.ts';
import type { Breach } from './ledger.ts';
import type { Plant } from './plants.ts';

export interface KillReport {
  readonly ok: boolean;
  readonly seed: number;
  readonly plant: Plant | null;
  /** Where they fell: in a request that was begun and not yet answered, between two, while the files were being opened. */
  readonly kills: Fell & { readonly all: number };
  /** Requests that were answered as saved; those that a kill kept from being answered, and how many of them were on the disk. */
  readonly requests: { readonly saved: number; readonly unanswered: number; readonly unansweredButKept: number };
  /** Until the core has all its files open again; `ready`: since the process began. Milliseconds. */
  readonly reopen: Spread;
  readonly ready: Spread;
  readonly store: { readonly commands: number; readonly effects: number };
  readonly flips: ReturnType<typeof noFlips>;
  readonly seconds: number;
  /** How many there are of each; the first hundred in words. */
  readonly breaches: { readonly [what in Breach['what']]?: number };
  readonly evidence: readonly string[];
  /** Kept when something broke. */
  readonly folder: string | null;
}

export interface Fell {
  readonly writing: number;
  readonly between: number;
  readonly opening: number;
}
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Zeros where there are no samples: the run broke off before the first. */
export const spreadOf = (samples: readonly number[]): Spread =>
  samples.length === 0
    ? { p50: 0, p95: 0, max: 0 }
    : {
        p50: round(percentile([...samples], 0.5)),
        p95: round(percentile([...samples], 0.95)),
        max: round(Math.max(...samples)),
      };

export function countOf(breaches: readonly Breach[]): KillReport['breaches'] {
  const counted: { [what in Breach['what']]?: number } = {};
  for (const { what } of breaches) counted[what] = (counted[what] ?? 0) + 1;
  return counted;
}
