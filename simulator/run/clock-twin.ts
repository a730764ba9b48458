import type { Violation } from '../observe/violation.ts';
import type { Plan } from '../plan/plan.ts';
import { noPlant, type Plant } from '../plants/plant.ts';
import { runHistory } from './history.ts';
import type { Beginning } from './simulation.ts';

/**
 * SY15: the same plan with every clock right comes to the same commands, in the same order, with the same verdicts. Deaths at a counted
 * write are left out of both: a warning of the clock is a write of its own, and would move them.
 */
export function compareWithRightClocks(plan: Plan, beginning: Beginning, plant: Plant = noPlant): Violation | null {
  const calm: Plan = { ...plan, steps: plan.steps.filter(({ kind }) => kind !== 'dieAt') };
  const right: Plan = {
    ...calm,
    consoles: calm.consoles.map((console) => ({ ...console, skewMs: 0 })),
    steps: calm.steps.filter(({ kind }) => kind !== 'clock'),
  };
  const options = { beginning, plant, verdicts: true } as const;
  const [wrongClocks, rightClocks] = [runHistory(calm, options), runHistory(right, options)];
  if (wrongClocks.violation !== null) return wrongClocks.violation;
  const at = wrongClocks.verdicts.findIndex((verdict, index) => verdict !== rightClocks.verdicts[index]);
  const same = at === -1 && wrongClocks.verdicts.length === rightClocks.verdicts.length;
  if (same) return null;
  const [wrong, sound] = [wrongClocks.verdicts[at], rightClocks.verdicts[at]].map((verdict) => verdict ?? 'nothing');
  return { rule: 'SY15', text: `with wrong clocks command ${at} is ${wrong}, with right ones ${sound}`, atMs: 0 };
}
