import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resolveElectron } from '../test/electron-standin/resolve-electron.ts';
import { runChecks, showPart } from './check.ts';
import { ensureChromium } from './chromium.ts';
import { playwrightFailures, saidOfSuite, vitestFailures } from './failures.ts';
import { playwrightCounts, vitestCounts } from './reports.ts';
import { type Counts, closingLine, endSuitesWithUs, judgeSuite, NONE, runSuite, sum } from './suite.ts';

const MINUTE = 60_000;

const root = join(import.meta.dirname, '..');
const results = join(root, 'test-results');
const module = (...path: string[]) => join(root, 'node_modules', ...path);
const playwright = module('@playwright', 'test', 'cli.js');

/** What failed in the suite that runs, by name. */
const named: string[] = [];

async function checks(): Promise<Counts> {
  const parts = await runChecks(showPart);
  const failed = parts.filter(({ ok }) => !ok);
  named.push(...failed.map(({ name }) => `check ${name}`));
  return { passed: parts.length - failed.length, failed: failed.length, skipped: 0 };
}

async function vitest(env: Record<string, string>): Promise<Counts> {
  const file = join(results, 'vitest.json');
  const args = [
    module('vitest', 'vitest.mjs'),
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await runSuite(root, args, env, 15 * MINUTE);
  named.push(...vitestFailures(root, file));
  return judgeSuite(code, () => vitestCounts(file));
}

async function bundle(): Promise<Counts> {
  const code = await runSuite(root, [join(root, 'tools', 'build.ts'), '--if-changed'], {}, 5 * MINUTE);
  return code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
}

async function endToEnd(env: Record<string, string>): Promise<Counts> {
  const report = join(results, 'e2e.json');
  const args = [playwright, 'test', '--reporter=list,json'];
  const code = await runSuite(root, args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, 20 * MINUTE);
  named.push(...playwrightFailures(report));
  return judgeSuite(code, () => playwrightCounts(report));
}

/** Always the same work and the same faults, so that a red run is about the change; other seeds by `npm run torture`. */
const TORTURE = ['--minutes', '2', '--seed', '20260117', '--patience', '60'];

/** One long test: it counts as one. It ends by itself, with a report, before this time is over. */
async function beaten(env: Record<string, string>): Promise<Counts> {
  const args = [join(root, 'torture', 'main.ts'), ...TORTURE, '--folder', join(results, 'torture')];
  const code = await runSuite(root, args, env, 20 * MINUTE);
  return code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
}

/** Nobody can tell how many specs would have run, so the suite counts as one. */
async function endToEndSkipped(why: string): Promise<Counts> {
  console.log(`e2e skipped: ${why}`);
  return { ...NONE, skipped: 1 };
}

type Suite = readonly [name: string, run: () => Promise<Counts>, evidence?: string];
/** What failed, by name: said once more at the end, where one looks first and where a cut log still has it. */
const failures: string[] = [];

async function runAll(suites: readonly Suite[]): Promise<Counts[]> {
  const all: Counts[] = [];
  for (const [name, run, evidence = 'its words are above'] of suites) {
    console.log(`\n== ${name}`);
    const began = performance.now();
    const counts = await run();
    console.log(`${name}: ${closingLine(counts)} (${Math.round((performance.now() - began) / 1000)} s)`);
    failures.push(...saidOfSuite(counts.failed, named.splice(0), `${name}: ${evidence}`));
    all.push(counts);
  }
  return all;
}

endSuitesWithUs();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const found = await ensureChromium(root);
const electron = resolveElectron(root);
const env: Record<string, string> = {
  // Stores, consoles and workers start hundreds of times in a run: what Node compiled once is kept, a quarter of each start.
  NODE_COMPILE_CACHE: module('.cache', 'chasqui-node'),
  ...('path' in found ? { CHROMIUM_PATH: found.path } : {}),
};

const total = sum(
  await runAll([
    ['check', checks],
    ['build', bundle],
    ['unit and PostgreSQL', () => vitest(env)],
    ['e2e', () => ('path' in found ? endToEnd(env) : endToEndSkipped(found.why))],
    ['torture', () => beaten(env), 'its breaches and its evidence are in test-results/torture'],
  ]),
);
const which = electron.kind === 'real' ? 'the real Electron' : "the stand-in for Electron's glue";
console.log(`\nThe electron project is ${which}: ${electron.why}.`);
if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(closingLine(total));
