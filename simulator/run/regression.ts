import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Violation } from '../observe/violation.ts';
import type { Plan } from '../plan/plan.ts';

/** Where plans that once broke a rule are kept: every run plays them again. */
export const REGRESSIONS = join(import.meta.dirname, '..', '..', 'test', 'regressions');

/** A plan that broke a rule, whole in itself: no change of the generator changes it. */
export interface Regression {
  readonly rule: Violation['rule'];
  /** What it taught, in a line. */
  readonly taught: string;
  readonly seed: number | null;
  readonly plan: Plan;
}

export function saveRegression(name: string, regression: Regression, folder = REGRESSIONS): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const { plan, ...about } = regression;
  const { steps, ...set } = plan;
  const lines = steps.map((step) => `      ${JSON.stringify(step)}`).join(',\n');
  const head = JSON.stringify({ ...about, plan: { ...set, steps: [] } }, null, 2).replace(
    '"steps": []',
    () => `"steps": [\n${lines}\n    ]`,
  );
  writeFileSync(path, `${head}\n`);
  return path;
}
// Written by the function above: its own shape.
export const readRegression = (path: string): Regression => JSON.parse(readFileSync(path, 'utf8')) as Regression;

export const regressionFiles = (folder = REGRESSIONS): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
