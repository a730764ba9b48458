import type { Violation } from '../observe/violation.ts';
import type { Plan, Step } from '../plan/plan.ts';

/** Plays a plan and says how it ended. */
export type Play = (plan: Plan) => Violation | null;

/**
 * A smaller plan that breaks the same rule, by delta debugging over its steps: halves, then quarters, down to single steps, are left out
 * while the rule stays broken; then the acts of the calls that are left. `tries` bounds how often it is played.
 */
export function minimise(
  plan: Plan,
  violation: Violation,
  play: Play,
  tries = 400,
): { plan: Plan; violation: Violation } {
  let best = { plan, violation };
  let left = tries;
  const keeps = (smaller: Plan): boolean => {
    if (left <= 0) return false;
    left -= 1;
    const found = play(smaller);
    if (found?.rule !== violation.rule) return false;
    best = { plan: smaller, violation: found };
    return true;
  };
  // Nothing after the violation had a part in it, unless it only showed in the end.
  keeps({ ...plan, steps: plan.steps.filter((step) => step.at <= violation.atMs) });
  for (let size = Math.ceil(best.plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.plan.steps.length; ) {
      const { steps } = best.plan;
      if (!keeps({ ...best.plan, steps: [...steps.slice(0, from), ...steps.slice(from + size)] })) from += size;
    }
  }
  for (let at = 0; at < best.plan.steps.length; at += 1) shrinkStep(at);
  keeps({ ...best.plan, slowDesk: 0 });
  return best;

  function shrinkStep(at: number): void {
    for (let act = 0; ; ) {
      const step = best.plan.steps[at];
      if (step?.kind !== 'acts' || act >= step.acts.length || step.acts.length === 1) return;
      const smaller: Step = { ...step, acts: step.acts.filter((_, index) => index !== act) };
      if (!keeps({ ...best.plan, steps: best.plan.steps.with(at, smaller) })) act += 1;
    }
  }
}
