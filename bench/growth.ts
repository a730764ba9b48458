import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import {
  type GrowthRun,
  type GrowthWork,
  growthWorks,
  keptPath,
  merged,
  missing,
  readKept,
  writeKept,
} from './growth/kept.ts';
import { growthTable } from './growth/panels.ts';
import { growthSvg } from './growth/plot.ts';
import { openSite } from './growth/site.ts';
import { doGrowthWork, type GrowthOptions } from './growth/works.ts';
import { machine, round, timed } from './support/figures.ts';

export interface GrowthFlags {
  readonly sizes: string;
  readonly only: string;
  readonly writes: string;
  readonly rounds: string;
  readonly again?: boolean;
  readonly plot?: boolean;
  readonly json?: boolean;
  readonly keep?: boolean;
}

export const GROWTH_WRITES = 10_000;
export const GROWTH_ROUNDS = 300;
const docs = join(import.meta.dirname, '..', 'docs');
const ALT = 'How cost grows with the tickets of a desk: eight small plots, both axes logarithmic';
const TABLE = /(?<=<!-- growth: .*-->\n)[\s\S]*?(?=<!-- \/growth -->)/u;
/** A realistic desk: what its people do in the month that a console is away. */
const AWAY = { days: 30, actsADay: 200, writes: 100 };

/**
 * `npm run bench -- growth`: every work at every size, one after another, on one desk a size. With `--keep` each result is kept as it comes,
 * and what is kept already is not measured again: a run that was ended goes on with what is missing.
 */
export async function runGrowth(flags: GrowthFlags): Promise<void> {
  // So that what is to end with this process does.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const works = growthWorks.filter((work) => flags.only === '' || flags.only.split(',').includes(work));
  const unknown = flags.only.split(',').filter((name) => name !== '' && !growthWorks.some((work) => work === name));
  if (unknown.length > 0) throw new Error(`no such work: ${unknown.join(', ')}`);
  // What is kept at one size is compared with what is kept at another.
  const usual = Number(flags.writes) === GROWTH_WRITES && Number(flags.rounds) === GROWTH_ROUNDS;
  if (flags.keep === true && !usual) throw new Error('what is kept has the usual writes and rounds');
  let runs = flags.keep === true || flags.plot === true ? readKept(keptPath) : [];
  const note = (run: GrowthRun) => {
    runs = merged(runs, run);
    if (flags.keep === true) writeKept(keptPath, runs);
  };
  if (flags.plot !== true) {
    const options = { writes: Number(flags.writes), rounds: Number(flags.rounds), away: AWAY };
    for (const size of flags.sizes.split(',').map(Number))
      await measure(size, flags.again === true ? works : missing(runs, size, works), options, note);
  }
  if (flags.plot === true) draw(runs);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ bench: 'growth', runs })}\n` : `${growthTable(runs)}\n`,
  );
}

async function measure(
  size: number,
  works: readonly GrowthWork[],
  options: GrowthOptions,
  note: (run: GrowthRun) => void,
): Promise<void> {
  if (works.length === 0) return tell(`${size}: all of it is kept already`);
  const site = await openSite(size, (line) => tell(`${size}: ${line}`));
  try {
    for (const work of works) {
      tell(`${size}: ${work}`);
      const load = round(loadavg()[0] ?? Number.NaN);
      try {
        const [figures, ms] = await timed(() => doGrowthWork[work](site, options));
        const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, precise(value)]));
        note({ size, work, figures: rounded, at: new Date().toISOString(), load, machine: machine() });
        const words = Object.entries(rounded).map(([name, value]) => `${name} ${value}`);
        tell(`${size}: ${work} took ${round(ms / 1_000)} s: ${words.join(', ')}`);
      } catch (error) {
        // An hour of loading and filling is not thrown away: the others are still measured, and this one is what is missing.
        process.exitCode = 1;
        tell(`${size}: ${work} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await site.close();
  }
}

/** Five digits say all that a measurement can. */
const precise = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(5)));

/** The drawing, and between its marks in the page the table beneath it, from what is kept. */
function draw(runs: readonly GrowthRun[]): void {
  if (runs.length === 0) throw new Error('nothing is kept: measure first, with --keep');
  writeFileSync(join(docs, 'growth.svg'), growthSvg(runs));
  const page = join(docs, 'performance.md');
  const before = readFileSync(page, 'utf8');
  if (!TABLE.test(before)) throw new Error('docs/performance.md has no place for the table of growth');
  writeFileSync(
    page,
    before.replace(TABLE, () => `\n![${ALT}](growth.svg)\n\n${growthTable(runs)}\n\n`),
  );
}

const tell = (line: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
