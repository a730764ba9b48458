import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveElectron } from './resolve-electron.ts';

const desk = { DISPLAY: ':0' };
const person = { platform: 'linux', isRoot: false } as const;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'resolve-electron-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

test('the real one is used where its download is whole', () => {
  const path = put('node_modules/electron/dist/electron', 'binary');
  put('node_modules/electron/path.txt', 'electron');
  expect(resolveElectron(root, desk, person)).toMatchObject({ kind: 'real', path, args: [] });
  expect(resolveElectron(root, desk, { ...person, isRoot: true })).toMatchObject({ path, args: ['--no-sandbox'] });
  expect(resolveElectron(root, {}, person)).toMatchObject({
    kind: 'stand-in',
    why: expect.stringContaining('no display'),
  });
});

test('a download that was broken off does not count', () => {
  put('node_modules/electron/dist/electron', 'half');
  expect(resolveElectron(root, {})).toMatchObject({ kind: 'stand-in', why: expect.stringContaining('half-finished') });
  put('node_modules/electron/path.txt', 'elsewhere/electron');
  expect(resolveElectron(root, {}).kind).toBe('stand-in');
});

test('without a binary the stand-in is used and says why', () => {
  expect(resolveElectron(root, {})).toEqual({
    kind: 'stand-in',
    why: "Electron's binary is not in node_modules/electron/dist",
  });
});

test('a folder named by the environment goes first, and must hold the binary', () => {
  const path = put('other/electron', 'binary');
  const env = { ...desk, ELECTRON_OVERRIDE_DIST_PATH: join(root, 'other') };
  expect(resolveElectron(root, env, person)).toMatchObject({ kind: 'real', path });
  rmSync(path);
  expect(resolveElectron(root, env, person).kind).toBe('stand-in');
});
