import { expect, test } from 'vitest';
import { plants } from '../../../torture/kills/plants.ts';
import { runKills } from '../../../torture/kills/run.ts';

const quiet = { onProgress: () => undefined };

test('threat 26, SY1 SY2 SY3 thirty SIGKILLs of a console at work: what was saved is there once, in order, and once at the store', async () => {
  const report = await runKills({ kills: 30, seed: 26, plant: null, ...quiet });
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

const wanted = { 'writes-behind': 'lost', 'forgets-requests': 'doubled', 'half-of-a-pair': 'half' } as const;
test.for([...plants])('a console that %s is found out', { timeout: 400_000 }, async (plant) => {
  const report = await runKills({ kills: 60, seed: 7, plant, ...quiet });
  expect(report.ok).toBe(false);
  expect(Object.keys(report.breaches)).toContain(wanted[plant]);
});
