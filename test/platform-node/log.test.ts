import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLineLog, logFolder } from '../../src/platform-node/log.ts';
import { logFiles, openLogFile } from '../../src/platform-node/log-file.ts';
import { faultOf } from '../../src/shared/fault.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'chasqui-log-'));

test('C141 a message is never told, whatever it quotes: kind, code and places are', () => {
  const folder = fresh();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const log = createLineLog('engine', folder);
  let thrown: unknown;
  try {
    JSON.parse('zarzamora is no JSON');
  } catch (error) {
    thrown = error;
  }
  const odd = Object.assign(new Error('over\n    at zarzamora (/home/zarzamora/x.ts:1:2)\nlines'), {
    code: 'two zarzamora',
  });
  log.write('error', 'threw', { error: faultOf(thrown) });
  log.write('error', 'threw', { error: faultOf(odd) });
  log.write('error', 'threw', { error: faultOf('zarzamora') });
  vi.restoreAllMocks();
  const text = readFileSync(logFiles(logFolder(folder), 'engine').present, 'utf8');
  expect(text).not.toContain('zarzamora');
  expect(text).not.toContain(folder);
  expect(text).toContain('"name":"SyntaxError","code":null,"at":[');
  expect(text).toContain('log.test.ts:');
});

test('C141 what is no word of the program is left out, should it ever come here', () => {
  const folder = fresh();
  const log = createLineLog('engine', folder);
  log.write('info', 'odd', { code: 'dos palabras', kind: 'x'.repeat(65), first: ['fine', 'not fine'], count: 3 });
  const [line] = readFileSync(logFiles(logFolder(folder), 'engine').present, 'utf8').split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    component: 'engine',
    code: '(left out)',
    kind: '(left out)',
    first: ['fine', '(left out)'],
    count: 3,
  });
});

test('C141 a log is turned over at its size, is read by its owner alone, and one that cannot be written stops nothing', () => {
  const folder = join(fresh(), 'logs');
  const { present, older } = logFiles(folder, 'engine');
  const file = openLogFile(folder, 'engine', 100);
  for (let n = 0; n < 12; n++) file.append(`line ${n} of thirty characters..\n`);
  const texts = [older, present].map((path) => readFileSync(path, 'utf8'));
  expect(texts.join('').endsWith('line 11 of thirty characters..\n')).toBe(true);
  for (const path of [older, present]) {
    expect(statSync(path).size).toBeLessThanOrEqual(100);
    expect(statSync(path).mode & 0o077).toBe(0);
  }
  const blocked = join(fresh(), 'logs');
  writeFileSync(blocked, 'a file where the folder should be');
  expect(() => openLogFile(blocked, 'engine').append('x\n')).not.toThrow();
});
