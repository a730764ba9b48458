import { expect, test } from 'vitest';
import { createClock } from '../../src/platform-node/clock.ts';

test('SY15 the monotonic clock counts the sleep of the machine, is fine between, and never goes back', () => {
  const at = { steady: 50_000, slept: 0, coarse: 0 };
  const clock = createClock({
    now: () => 0,
    steadyMs: () => at.steady,
    uptimeMs: () => at.steady + at.slept + at.coarse,
  });
  expect(clock.monotonicMs()).toBe(50_000);
  at.steady += 0.25;
  at.coarse = -990;
  expect(clock.monotonicMs()).toBe(50_000.25);
  at.slept = 8 * 3_600_000;
  const morning = clock.monotonicMs();
  expect(Math.abs(morning - 50_000 - at.slept)).toBeLessThan(1_000);
  at.steady += 10;
  for (at.coarse of [-990, 0, -300]) expect(clock.monotonicMs()).toBe(morning + 10);
});

test('SY15 the clocks of this machine: a later process of the same boot reads on from there', async () => {
  const first = createClock().monotonicMs();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const elapsed = createClock().monotonicMs() - first;
  expect(elapsed).toBeGreaterThan(0);
  expect(elapsed).toBeLessThan(5_000);
});
