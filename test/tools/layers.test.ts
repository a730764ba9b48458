import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkLayers } from '../../tools/check-layers.ts';
import { layerOf, layers } from '../../tools/layers.ts';

/** A checkout of these files, with an empty package under each of these names. */
function checkout(files: Record<string, string>, packages: string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-layers-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const all: Record<string, string> = { 'package.json': '{"type":"module"}', ...files };
  for (const name of packages) {
    all[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    all[`node_modules/${name}/index.js`] = 'module.exports = {};';
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const CLOCK = { 'src/core/ports/clock.ts': 'export type Clock = () => number;' };
const SHARED = { 'src/shared/result.ts': 'export const ok = 1; export type Ok = 1;' };

describe('an import that the table allows', () => {
  test('passes, and the modules are counted', async () => {
    const root = checkout(
      {
        ...SHARED,
        ...CLOCK,
        'src/domain/ticket.ts':
          "import { z } from 'zod'; import { ok } from '../shared/result.ts'; export const t = [z, ok];",
        'src/platform-node/clock.ts':
          "import { hrtime } from 'node:process'; import type { Clock } from '../core/ports/clock.ts'; export const c: Clock = () => hrtime()[0];",
      },
      ['zod'],
    );
    expect(await checkLayers(root)).toEqual({ modules: 4, problems: [] });
  });
});

describe('an import that the table forbids is refused', () => {
  test.each([
    ['a layer above', 'src/domain/a.ts', "import { x } from '../core/x.ts'; export const a = x;"],
    ['a type of a layer above', 'src/domain/a.ts', "import type { X } from '../core/x.ts'; export type A = X;"],
    ['a layer beside', 'src/store/a.ts', "import { x } from '../renderer/x.ts'; export const a = x;"],
    ['the inside of the core, from an adapter', 'src/platform-node/a.ts', "export { x } from '../core/x.ts';"],
    ['a module of Node in the domain', 'src/domain/a.ts', "import { join } from 'node:path'; export const a = join;"],
    ['a type of Node in the core', 'src/core/a.ts', "import type { Stats } from 'node:fs'; export type A = Stats;"],
    ['a package that is not listed', 'src/domain/a.ts', "import pg from 'pg'; export const a = pg;"],
    [
      'a package whose name begins like a listed one',
      'src/domain/a.ts',
      "import z from 'zod-extra'; export const a = z;",
    ],
    ['a package that is not installed', 'src/store/a.ts', "import z from 'nowhere'; export const a = z;"],
    ['an import() of a layer above', 'src/domain/a.ts', "export const a = () => import('../core/x.ts');"],
    ['product code by the launcher', 'launcher/a.ts', "import { x } from '../src/core/x.ts'; export const a = x;"],
    ['tests by the product', 'src/core/a.ts', "import { x } from '../../test/x.ts'; export const a = x;"],
    ['a file that is not there', 'src/core/a.ts', "import { x } from './gone.ts'; export const a = x;"],
  ])('%s', async (_what, path, text) => {
    const x = 'export const x = 1; export type X = 1;';
    const root = checkout({ 'src/core/x.ts': x, 'src/renderer/x.ts': x, 'test/x.ts': x, [path]: text }, [
      'pg',
      'zod-extra',
    ]);
    const { problems } = await checkLayers(root);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(`${path} → `))).toBe(true);
  });

  test('a cycle at run time; one of types alone is none', async () => {
    const cycle = checkout({
      'src/shared/a.ts': "import { b } from './b.ts'; export const a = () => b;",
      'src/shared/b.ts': "import { a } from './a.ts'; export const b = () => a;",
    });
    expect((await checkLayers(cycle)).problems).toEqual([expect.stringContaining('(no cycles)')]);
    const types = checkout({
      'src/shared/a.ts': "import type { B } from './b.ts'; export type A = { b: B };",
      'src/shared/b.ts': "import type { A } from './a.ts'; export type B = { a: A };",
    });
    expect((await checkLayers(types)).problems).toEqual([]);
  });
});

test('a file in no layer is refused', async () => {
  const root = checkout({ ...SHARED, 'src/helpers/a.ts': 'export const a = 1;' });
  expect((await checkLayers(root)).problems).toEqual(['src/helpers/a.ts is in no layer  (see tools/layers.ts)']);
});

test('a cruise that saw nothing is a problem, not a success', async () => {
  const root = checkout({ 'src/readme.md': 'nothing here' });
  expect(await checkLayers(root)).toEqual({ modules: 0, problems: ['no module was cruised: the check saw nothing'] });
});

describe('the table itself', () => {
  test('layers of the product never import one another sideways', () => {
    const hosts = ['src/main', 'src/portable', 'src/preload', 'src/renderer', 'src/store'];
    for (const layer of layers.filter(({ dir }) => hosts.includes(dir))) {
      if (layer.imports === 'any') throw new Error(`${layer.dir} may import anything`);
      expect(layer.imports.filter((path) => hosts.some((host) => path.startsWith(host)))).toEqual([]);
    }
  });

  test('a path belongs to the layer whose folder it is in, and to no other', () => {
    expect(layerOf('src/core/ports/clock.ts')?.dir).toBe('src/core');
    expect(layerOf('src/core-extra/x.ts')).toBeNull();
    expect(layerOf('test/domain/ticket.test.ts')?.dir).toBe('test');
  });
});
