import { writeFileSync } from 'node:fs';
import { type Options, readOptions, USAGE } from './options.ts';
import { drawPlan } from './plan/draw-plan.ts';
import type { Plan } from './plan/plan.ts';
import { plants } from './plants/index.ts';
import { noPlant } from './plants/plant.ts';
import { runHistory } from './run/history.ts';
import { minimise } from './run/minimise.ts';
import { readRegression, saveRegression } from './run/regression.ts';
import { beginning, isStrict, type Sweep } from './run/sweep.ts';
import { sweepInThreads } from './run/threads.ts';
import { traceOf, transcript } from './run/transcript.ts';
import { fromMacrotask } from './time/drain.ts';

/** Exit codes: 0 every rule held · 1 a rule was broken · 2 the arguments make no sense. */
async function main(args: readonly string[]): Promise<number> {
  const read = readOptions(args);
  if (!read.ok) {
    console.error(`simulate: ${read.error}\n${USAGE}`);
    return 2;
  }
  const options = read.value;
  if (options.listPlants) {
    console.log(Object.keys(plants).join('\n'));
    return 0;
  }
  if (options.replay !== null) return replay(options, options.replay);
  const startedAt = performance.now();
  const done = await sweepInThreads(options, options.threads);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (done.failure === null && options.trace !== null)
    await writeTrace(options.trace, drawPlan(options.from), options, isStrict(options.from));
  report(options, done, seconds);
  if (done.failure === null) return 0;
  return explain(options, drawPlan(done.failure.seed), isStrict(done.failure.seed), done.failure.seed);
}

function report({ json, from, plant }: Options, { failure, ...sums }: Sweep, seconds: number): void {
  const rates = {
    seconds: round(seconds),
    perSecond: round(sums.histories / seconds),
    perCoreSecond: round((sums.histories * 1_000) / sums.cpuMs),
  };
  if (json) {
    console.log(JSON.stringify({ ok: failure === null, from, plant, ...sums, ...rates, failure }));
    return;
  }
  const words = `${sums.histories} histories from seed ${from}: ${sums.commands} commands, ${sums.faults} faults, ${sums.events} events in ${rates.seconds} s`;
  console.log(`${words} (${rates.perSecond}/s, ${rates.perCoreSecond}/s of one core)`);
  if (failure !== null) console.log(`seed ${failure.seed} broke ${failure.violation.rule}`);
}
const round = (value: number): number => Math.round(value * 10) / 10;

async function replay(options: Options, path: string): Promise<number> {
  const { plan } = readRegression(path);
  return explain(options, plan, true, null);
}

/** Plays a plan again; where it breaks a rule, makes it small and tells what happened. */
async function explain(options: Options, plan: Plan, strict: boolean, seed: number | null): Promise<number> {
  const start = await beginning();
  const plant = options.plant === null ? noPlant : (plants[options.plant] ?? noPlant);
  const play = (smaller: Plan) => runHistory(smaller, { beginning: start, plant, strict }).violation;
  const violation = await fromMacrotask(() => play(plan));
  if (options.trace !== null) await writeTrace(options.trace, plan, options, strict);
  if (violation === null) {
    if (!options.json) console.log('every rule held');
    return 0;
  }
  const small = await fromMacrotask(() => minimise(plan, violation, play));
  const lines = await fromMacrotask(() => traceOf(small.plan, { beginning: start, plant, strict }));
  // With --json the first line of stdout is the report; the words are for people.
  const say = options.json ? console.error : console.log;
  say(
    `${seed === null ? 'the plan' : `seed ${seed}`}, made small (${plan.steps.length} steps → ${small.plan.steps.length}):`,
  );
  say(transcript(small.plan, small.violation, lines));
  if (options.save !== null) {
    const { rule } = small.violation;
    say(`kept as ${saveRegression(options.save, { rule, taught: small.violation.text, seed, plan: small.plan })}`);
  }
  return 1;
}

async function writeTrace(path: string, plan: Plan, options: Options, strict: boolean): Promise<void> {
  const start = await beginning();
  const plant = options.plant === null ? noPlant : (plants[options.plant] ?? noPlant);
  const lines = await fromMacrotask(() => traceOf(plan, { beginning: start, plant, strict }));
  writeFileSync(path, `${lines.join('\n')}\n`);
}

process.exitCode = await main(process.argv.slice(2));
