import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** In the order in which one desk serves them. */
export const growthWorks = ['fill', 'killed', 'queue', 'drain', 'propagate', 'away'] as const;
export type GrowthWork = (typeof growthWorks)[number];

const runSchema = z.object({
  /** Tickets of the desk, two notes each. */
  size: z.int(),
  work: z.enum(growthWorks),
  figures: z.record(z.string(), z.number()),
  at: z.string(),
  /** Programs that waited for a core, on average over the minute before: how quiet it was. */
  load: z.number(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
});
/** One work at one size. */
export type GrowthRun = z.infer<typeof runSchema>;
const keptSchema = z.object({ bench: z.literal('growth'), runs: z.array(runSchema) });

export const keptPath = join(import.meta.dirname, '..', 'results', 'growth.json');

/** What was measured so far; nothing where there is no file yet. */
export function readKept(path: string): GrowthRun[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return keptSchema.parse(JSON.parse(text)).runs;
}

/** Whole or not at all: the run that writes it may be ended at any time. */
export function writeKept(path: string, runs: readonly GrowthRun[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify({ bench: 'growth', runs }, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** The newer run of a work at a size takes the place of the older one; by size, then in the order of the works. */
export function merged(runs: readonly GrowthRun[], run: GrowthRun): GrowthRun[] {
  const others = runs.filter((one) => one.size !== run.size || one.work !== run.work);
  return [...others, run].sort((a, b) => a.size - b.size || growthWorks.indexOf(a.work) - growthWorks.indexOf(b.work));
}

/** What of these works is still to be done at a size, in their order. */
export const missing = (runs: readonly GrowthRun[], size: number, works: readonly GrowthWork[]): GrowthWork[] =>
  growthWorks.filter((work) => works.includes(work) && !runs.some((run) => run.size === size && run.work === work));
