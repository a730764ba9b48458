import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const reportSchema = z.object({ diagnostics: z.array(z.object({ category: z.string() })) });

/** Lints one file of that text with the configuration of the project. */
function lint(path: string, source: string) {
  const dir = mkdtempSync(join(tmpdir(), 'chasqui-biome-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), source);
  copyFileSync(join(root, 'biome.json'), join(dir, 'biome.json'));
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--vcs-enabled=false', '--error-on-warnings', '--reporter=json', path];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout));
  return { status, rules: diagnostics.map(({ category }) => category.replace(/^.*\//, '')) };
}

test.each([
  ['src/store/a.ts', 'export const a = (x: any) => x;\n', 'noExplicitAny'],
  ['src/domain/a.ts', 'export const a = () => Date.now();\n', 'noRestrictedGlobals'],
  ['src/core/a.ts', 'export const a = new Intl.Collator();\n', 'noRestrictedGlobals'],
  ['src/store/a.ts', "console.log('a');\n", 'noConsole'],
  ['src/store/aB.ts', 'export const a = 1;\n', 'useFilenamingConvention'],
  ['src/store/a.ts', 'export const f = (a?: { b: number }) => a!.b;\n', 'noNonNullAssertion'],
  [
    'src/store/a.ts',
    Array.from({ length: 401 }, (_, n) => `export const a${n} = 1;\n`).join(''),
    'noExcessiveLinesPerFile',
  ],
])('the lint refuses, in %s: %s', (path, source, rule) => {
  expect(lint(path, source)).toEqual({ status: 1, rules: [rule] });
});

test('and passes what is in order', () => {
  expect(lint('src/store/a.ts', 'export const a = (x: number) => x;\n')).toEqual({ status: 0, rules: [] });
});
