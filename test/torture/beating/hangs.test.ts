import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMachine, type End } from '../../../torture/console/machine.ts';
import { createStoreProcess, freePort } from '../../../torture/desk/store-process.ts';
import { createEvidence } from '../../../torture/run/evidence.ts';
import { createStages, createWaits } from '../../../torture/run/stages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-hangs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = () => new Promise<never>(() => undefined);

test('a stage that does not end is accused with what it waited for, one that fails with why, and the run goes on', async () => {
  const evidence = createEvidence(folder);
  const waits = createWaits();
  const stages = createStages(evidence, waits);
  let heardOfIt = false;
  const healing = await stages.run('healing', 20, (late) => {
    late.addEventListener('abort', () => {
      heardOfIt = true;
    });
    return waits.on('store 1 to answer', never());
  });
  const comparing = await stages.run('comparing', 60_000, () => Promise.reject(new Error('no database')));
  expect([healing, comparing, heardOfIt]).toEqual([null, null, true]);
  expect(evidence.breaches).toEqual([
    { rule: 'HANG', words: 'healing did not end within 0 s; it waited for store 1 to answer' },
    { rule: 'BUG', words: 'comparing failed: Error: no database' },
  ]);
  expect(await stages.run('the next one', 60_000, async () => 'done')).toBe('done');
  // As they came, and not only at the end.
  expect(readFileSync(join(folder, 'events.txt'), 'utf8')).toContain('BREACH HANG healing');
});

const fake = fileURLToPath(new URL('./fake-console.js', import.meta.url));
function machineThat(how: 'sleeps' | 'mute', ends: End[]) {
  return createMachine({
    number: 3,
    user: 'ana',
    dataDir: folder,
    outside: folder,
    enter: [process.execPath, fake, how],
    storeUrl: 'http://127.0.0.1:1',
    plant: null,
    logFile: join(folder, 'console.log'),
    patienceMs: 1_500,
    onEnd: (_, end) => void ends.push(end),
  });
}
test('a console that never starts, and one that never answers, is killed and says why it was', async () => {
  const ends: End[] = [];
  const sleeping = machineThat('sleeps', ends);
  expect(await sleeping.start()).toBe('died');
  const mute = machineThat('mute', ends);
  expect(await mute.start()).toBe('ready');
  expect(await mute.call('connection.get', {})).toBeNull();
  expect(await mute.ended()).toEqual(ends[1]);
  expect(ends).toMatchObject([
    { kind: 'hung', what: expect.stringContaining('did not start') },
    { kind: 'hung', what: expect.stringContaining('did not answer connection.get') },
  ]);
}, 60_000);

test('a store that never answers is accused, with how it ended last', async () => {
  const broken = join(folder, 'broken.js');
  writeFileSync(broken, 'process.exit(9);');
  const faults: string[] = [];
  const store = createStoreProcess({
    number: 0,
    port: await freePort(),
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
    logFile: join(folder, 'store.log'),
    armFile: join(folder, 'arm'),
    preload: [broken],
    patienceMs: 3_000,
    onFault: (rule, words) => void faults.push(`${rule} ${words}`),
  });
  try {
    expect(await store.start()).toBe(false);
    expect(faults).toEqual(['HANG did not answer within 3 s; it ended with 9 last']);
  } finally {
    await store.kill();
  }
}, 60_000);
