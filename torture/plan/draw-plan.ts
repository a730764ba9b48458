import { drawDeed } from '../../simulator/plan/draw-plan.ts';
import type { Deed } from '../../simulator/plan/plan.ts';
import { createChance } from '../../simulator/time/chance.ts';
import { drawFaults } from './draw-faults.ts';
import type { Plan, Step } from './plan.ts';

export const CONSOLES = 8;
/** The last ones have a small disk of their own, which can be filled. */
export const smallDisks = (consoles: number): number => Math.max(1, Math.floor((consoles * 3) / 8));
/** Pause between two deeds of the whole desk, on average: the work is the same, however few share it. */
const DEED_EVERY_MS = 250;

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly consoles: number;
  /** False: work only. */
  readonly faults: boolean;
}

/** What is done and what goes wrong, and when: a function of the seed. How long each of it takes is the machine's affair. */
export function drawPlan({ seed, minutes, consoles, faults }: PlanOptions): Plan {
  const horizonMs = Math.round(minutes * 60_000);
  const chance = createChance(seed, 1);
  const steps: Step[] = [];
  const deeds = Math.round(horizonMs / DEED_EVERY_MS);
  for (let n = 0; n < deeds; n += 1) {
    const deed = drawDeed(chance, consoles);
    steps.push({ at: chance.below(horizonMs), ...numbered(deed, n) });
  }
  if (faults) steps.push(...drawFaults(createChance(seed, 2), horizonMs, consoles));
  steps.sort((a, b) => a.at - b.at);
  return { seed, consoles, horizonMs, steps };
}

/** Further than the numbers of any plan reach. */
const COPY = 100_000_000;
/** The same deed at a copy of the console, with texts of its own. `copy` 0 is the original. */
export function atCopy(deed: Deed, copy: number): Deed {
  if (deed.kind === 'register') return { ...deed, arg: deed.arg + COPY * copy };
  if (deed.kind !== 'acts') return deed;
  return { ...deed, acts: deed.acts.map((act) => ({ ...act, arg: act.arg + COPY * copy })) };
}

/** Texts are made from `arg`: with a number of its own in it each is written once, so that a second one is a doubled act. */
function numbered(deed: Deed, n: number): Deed {
  if (deed.kind === 'register') return { ...deed, arg: deed.arg + 1_000 * 16 * n };
  if (deed.kind !== 'acts') return deed;
  return { ...deed, acts: deed.acts.map((act, m) => ({ ...act, arg: act.arg + 1_000 * (16 * n + m) })) };
}
