import type { Violation } from '../observe/violation.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import { noPlant, type Plant } from '../plants/plant.ts';
import { fromMacrotask } from '../time/drain.ts';
import { createBeginning } from './beginning.ts';
import { compareWithRightClocks } from './clock-twin.ts';
import { runHistory } from './history.ts';
import type { Beginning } from './simulation.ts';

export interface SweepOptions {
  readonly from: number;
  readonly seeds: number;
  readonly plant?: Plant;
  /** Asked before each seed whether to go on. */
  readonly goesOn?: () => boolean;
}
export interface Sweep {
  /** Histories played, the failed one included. */
  readonly histories: number;
  readonly commands: number;
  readonly faults: number;
  readonly events: number;
  /** First seed that broke a rule; the sweep stops there. */
  readonly failure: { readonly seed: number; readonly violation: Violation } | null;
  readonly cpuMs: number;
}

/** On every such seed all that travels passes through the schemas of the wire. */
const STRICT_EVERY = 16;
export const isStrict = (seed: number): boolean => seed % STRICT_EVERY === 0;

/** On every such seed the same plan is played once more with right clocks (SY15). */
const TWIN_EVERY = 32;

let made: Beginning | null = null;
/** Made once a process: it is the same for every history. */
export const beginning = async (): Promise<Beginning> => {
  made ??= await fromMacrotask(createBeginning);
  return made;
};

/** Plays one seed after the other, to the first broken rule. */
export async function sweep({ from, seeds, plant = noPlant, goesOn = () => true }: SweepOptions): Promise<Sweep> {
  const start = await beginning();
  const before = process.cpuUsage();
  const total = { histories: 0, commands: 0, faults: 0, events: 0 };
  let failure: Sweep['failure'] = null;
  for (let seed = from; seed < from + seeds && failure === null && goesOn(); seed += 1) {
    const result = await fromMacrotask(() =>
      runHistory(drawPlan(seed), { beginning: start, plant, strict: isStrict(seed) }),
    );
    total.histories += 1;
    total.commands += result.commands;
    total.faults += result.faults;
    total.events += result.events;
    const violation =
      result.violation ??
      (seed % TWIN_EVERY === 0
        ? await fromMacrotask(() => compareWithRightClocks(drawPlan(seed), start, plant))
        : null);
    if (violation !== null) failure = { seed, violation };
  }
  const { user, system } = process.cpuUsage(before);
  return { ...total, failure, cpuMs: (user + system) / 1_000 };
}
