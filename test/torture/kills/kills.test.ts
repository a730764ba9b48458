import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logFolder } from '../../../src/platform-node/log.ts';
import { plants } from '../../../torture/kills/plants.ts';
import { runKills } from '../../../torture/kills/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-kills-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const quiet = () => ({ folder: mkdtempSync(join(folder, 'run-')), onProgress: () => undefined });

test('threat 26, SY1 SY2 SY3 thirty SIGKILLs of a console at work: what was saved is there once, in order, and once at the store', async () => {
  const report = await runKills({ kills: 30, seed: 26, plant: null, ...quiet() });
  expect(report.evidence).toEqual([]);
  expect(report.ok).toBe(true);
  expect(report.kills.all).toBe(30);
  // They fell where they were meant to, and there was something to lose.
  expect(report.kills.writing).toBeGreaterThan(5);
  expect(report.requests.saved).toBeGreaterThan(30);
  expect(report.store.commands).toBeGreaterThanOrEqual(report.requests.saved);
  expect(report.store.effects).toBe(report.store.commands);
  expect(report.flips.tried).toBe(7);
}, 400_000);

const wanted = {
  'writes-behind': 'lost',
  'forgets-requests': 'doubled',
  'half-of-a-pair': 'half',
  'ends-by-itself': 'ended',
  'does-not-open': 'refused',
} as const;
test.for([...plants])(
  'a console that %s is found out, and its outbox and logs are kept',
  { timeout: 400_000 },
  async (plant) => {
    const report = await runKills({ kills: 60, seed: 7, plant, ...quiet() });
    expect(report.ok).toBe(false);
    expect(Object.keys(report.breaches)).toContain(wanted[plant]);
    const kept = readdirSync(report.folder ?? '');
    expect(kept).toEqual(
      expect.arrayContaining(['at-store.json', 'breaches.txt', 'console', 'report.json', 'writer.log']),
    );
    expect(
      readdirSync(join(report.folder ?? '', 'console'), { recursive: true }).some((name) =>
        String(name).endsWith('outbox.db'),
      ),
    ).toBe(true);
    // What it warned of lies with it, and not in whatever folder the run was started from.
    if (plant === 'does-not-open')
      expect(readdirSync(logFolder(join(report.folder ?? '', 'console')))).toContain('writer.log');
  },
);
