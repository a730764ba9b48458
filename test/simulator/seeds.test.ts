import { describe, expect, it } from 'vitest';
import { drawPlan, LEAST } from '../../simulator/plan/draw-plan.ts';
import { isDeed } from '../../simulator/plan/plan.ts';
import { sweepInThreads } from '../../simulator/run/threads.ts';
import { FIRST_SEED } from './first-seed.ts';

const SEEDS = 1_000;

describe('histories of consoles and stores', () => {
  it('SY1 SY2 SY3 SY4 SY5 SY6 SY7 SY8 SY9 SY10 SY11 SY12 SY14 SY16: a thousand of them', async () => {
    const from = FIRST_SEED;
    const done = await sweepInThreads({ from, seeds: SEEDS, plant: null }, 2);
    expect(done.failure, 'npm run simulate -- --seeds 1 --from <seed> tells it step by step').toBeNull();
    expect(done.histories).toBe(SEEDS);
    expect(done.commands / SEEDS).toBeGreaterThanOrEqual(LEAST.commands);
    expect(done.faults / SEEDS).toBeGreaterThanOrEqual(LEAST.faults);
  }, 600_000);

  it('each plan has its consoles and its faults, and more acts than the least', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const { consoles, steps } = drawPlan(seed);
      expect(consoles.length).toBeGreaterThanOrEqual(LEAST.consoles);
      expect(steps.filter((step) => !isDeed(step)).length).toBeGreaterThanOrEqual(LEAST.faults);
      const acts = steps.reduce(
        (sum, step) => sum + (step.kind === 'acts' ? step.acts.length : step.kind === 'register' ? 1 : 0),
        0,
      );
      expect(acts).toBeGreaterThanOrEqual(LEAST.commands);
    }
  });
});
