import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { layerRules } from './layer-rules.ts';
import { layerOf, layers } from './layers.ts';

export type LayerReport = { modules: number; problems: string[] };

const SOURCE = /\.(ts|tsx|mts|cts|js|cjs|mjs)$/;

/**
 * Cruises every layer below `root` and holds it against the import table.
 * A cruise that saw nothing is a problem too: without a TypeScript it understands, the tool reports success over 0 modules.
 */
export async function checkLayers(root: string): Promise<LayerReport> {
  const dirs = [...new Set(layers.map((layer) => layer.dir.split('/')[0] ?? layer.dir))];
  const present = dirs.filter((dir) => existsSync(join(root, dir)));
  const { output } = await cruise(
    present,
    {
      baseDir: root,
      ruleSet: { forbidden: layerRules },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(fixtures|generated)/' },
    },
    {
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  );
  // The API answers with text only when a reporter was asked for.
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text');
  return judge(output);
}

function judge(result: ICruiseResult): LayerReport {
  const ours = result.modules.filter(({ source }) => SOURCE.test(source) && !source.includes('node_modules/'));
  const cruised = ours.filter(({ coreModule, couldNotResolve }) => !coreModule && !couldNotResolve);
  const problems = result.summary.violations.map(
    ({ from, to, rule, cycle }) =>
      `${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}  (${rule.name})`,
  );
  for (const { source } of cruised) {
    if (layerOf(source) === null) problems.push(`${source} is in no layer  (see tools/layers.ts)`);
  }
  if (cruised.length === 0) problems.push('no module was cruised: the check saw nothing');
  return { modules: cruised.length, problems };
}

if (import.meta.main) {
  const { modules, problems } = await checkLayers(join(import.meta.dirname, '..'));
  for (const problem of problems) console.log(problem);
  console.log(`${modules} modules cruised, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
