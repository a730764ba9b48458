import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type PartResult, runPart, runPool } from './run-part.ts';

const root = join(import.meta.dirname, '..');
const module = (...path: string[]) => join(root, 'node_modules', ...path);

const ENVIRONMENTS = ['pure', 'node', 'launcher', 'electron', 'preload', 'renderer', 'test'];

const tsc = module('@typescript', 'native', 'bin', 'tsc');
const biome = module('@biomejs', 'biome', 'bin', 'biome');

type Part = readonly [name: string, args: readonly string[]];

/** Each part by name: what Node runs. The slow ones stand first, so that two at a time end soonest. */
const PARTS: readonly Part[] = [
  ['dead code', [module('knip', 'bin', 'knip.js'), '--no-progress', '--no-config-hints']],
  ['layers', [join(root, 'tools', 'check-layers.ts')]],
  ...ENVIRONMENTS.map((name): Part => [`types ${name}`, [tsc, '--project', join('tsconfig', `${name}.json`)]]),
  ['lint', [biome, 'lint', '--error-on-warnings', '--max-diagnostics=200', '.']],
  ['format', [biome, 'check', '--linter-enabled=false', '.']],
  ['purity', [join(root, 'tools', 'purity.ts')]],
];

/**
 * Types, lint, format, layers and dead code, two at a time.
 * @param tell is given each part as it ends
 */
export function runChecks(tell: (result: PartResult) => void): Promise<PartResult[]> {
  const jobs = PARTS.map(([name, args]) => async () => {
    const result = await runPart(name, args, root);
    tell(result);
    return result;
  });
  return runPool(jobs, Math.max(2, availableParallelism() - 1));
}

/** One line a part, and what a failed one said below it. */
export function showPart({ name, ok, seconds, output }: PartResult): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.toFixed(1)} s`);
  if (!ok) console.log(output.trimEnd().replaceAll(/^/gm, '       '));
}

if (import.meta.main) {
  const results = await runChecks(showPart);
  const failed = results.filter(({ ok }) => !ok);
  console.log(failed.length === 0 ? 'check: clean' : `check: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
