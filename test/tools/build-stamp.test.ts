import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inputsHash, isBuilt, stampBuild } from '../../tools/build-stamp.ts';

test('a build is known by what went into it, not by when', () => {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-build-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, 'src', 'renderer', 'deep', 'main.tsx');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'one');
  const first = inputsHash(root);
  expect(isBuilt(root, first)).toBe(false);
  stampBuild(join(root, 'out'), first);
  utimesSync(file, 1, 1);
  expect(isBuilt(root, inputsHash(root))).toBe(true);
  writeFileSync(join(root, 'src', 'unrelated.ts'), '');
  expect(isBuilt(root, inputsHash(root))).toBe(true);
  writeFileSync(file, 'two');
  expect(isBuilt(root, inputsHash(root))).toBe(false);
});
