import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SecondInstance, takeInstanceLock } from './host/instance-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instance-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mine = (word: string): SecondInstance => ({ argv: ['app', word], cwd: '/', data: { word } });

test('only one holds the lock; the other is heard by the first, once and whole', async () => {
  const heard: SecondInstance[] = [];
  const first = takeInstanceLock(folder, mine('first'), (other) => heard.push(other));
  expect(first).toBeDefined();
  expect(takeInstanceLock(folder, mine('second'), () => {})).toBeUndefined();
  expect(takeInstanceLock(folder, mine('third'), () => {})).toBeUndefined();
  await expect.poll(() => heard.map(({ argv }) => argv[1]).sort()).toEqual(['second', 'third']);
  first?.release();
  const next = takeInstanceLock(folder, mine('next'), () => {});
  expect(next).toBeDefined();
  next?.release();
});

test('a lock left by a process that is gone, or whose number another has now, is taken over', () => {
  takeInstanceLock(folder, mine('first'), () => {})?.release();
  const file = join(folder, 'electron-standin', 'instance.lock');
  for (const owner of [
    { pid: 2 ** 22 + 5, began: '1' },
    { pid: process.pid, began: 'another time' },
  ]) {
    writeFileSync(file, JSON.stringify(owner));
    const lock = takeInstanceLock(folder, mine('again'), () => {});
    expect(lock).toBeDefined();
    lock?.release();
  }
});
