import type { Violation } from '../observe/violation.ts';
import type { Plan } from '../plan/plan.ts';
import type { Plant } from '../plants/plant.ts';
import { runHistory } from './history.ts';
import type { Beginning } from './simulation.ts';
import { type KeptTrace, keepTrace } from './trace.ts';

/** Lines of a transcript that a person reads. */
const LINES_AT_MOST = 60;

/** Everything that happens when a plan is played, line by line. */
export function traceOf(
  plan: Plan,
  options: { beginning: Beginning; plant: Plant; strict: boolean },
): readonly string[] {
  let trace: KeptTrace | null = null;
  runHistory(plan, {
    ...options,
    traceWith(elapsed) {
      trace = keepTrace(elapsed);
      return trace;
    },
  });
  // Made by the call above, which TypeScript cannot follow into the callback.
  return (trace as KeptTrace | null)?.lines ?? [];
}

/** The plan in words of data, then what happened, cut in the middle where it is long. */
export function transcript(plan: Plan, violation: Violation, lines: readonly string[]): string {
  const head = `${violation.rule} at ${(violation.atMs / 1000).toFixed(3)} s: ${violation.text}`;
  const consoles = plan.consoles.map(
    ({ user, skewMs, fresh, old }, c) =>
      `  console ${c}: ${user}, clock ${skewMs} ms off${fresh ? ', first sign-in' : ''}${old ? ', an old build' : ''}`,
  );
  const cut =
    lines.length <= LINES_AT_MOST
      ? lines
      : [
          ...lines.slice(0, LINES_AT_MOST / 2),
          `          … ${lines.length - LINES_AT_MOST} lines …`,
          ...lines.slice(-LINES_AT_MOST / 2),
        ];
  return [head, ...consoles, ...cut.map((line) => (line.length > 220 ? `${line.slice(0, 219)}…` : line))].join('\n');
}
