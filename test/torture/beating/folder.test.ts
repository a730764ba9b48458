import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusedFolder } from '../../../torture/folder.ts';

const main = fileURLToPath(new URL('../../../torture/main.ts', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-folder-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that is new or empty can be given to a run, and nothing else', () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  expect([refusedFolder(join(folder, 'new')), refusedFolder(empty)]).toEqual([null, null]);
  expect(refusedFolder(file)).toContain('is no folder');
  expect(refusedFolder(folder)).toContain('is not empty');
});

test.each(['.', '../mine-2'])(
  'a run in %s, a folder that holds something, is refused before it starts',
  (given) => {
    const mine = join(folder, given === '.' ? 'mine-1' : 'mine-2');
    mkdirSync(mine);
    writeFileSync(join(mine, 'letter'), 'dear Ana');
    // As little as can be asked for, should it start after all.
    const args = ['--minutes', '0.1', '--consoles', '2', '--no-faults', '--folder', given];
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: mine, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not empty')]);
    expect(readFileSync(join(mine, 'letter'), 'utf8')).toBe('dear Ana');
  },
  120_000,
);
