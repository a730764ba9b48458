import { describe, expect, it } from 'vitest';
import { drawPlan } from '../../simulator/plan/draw-plan.ts';
import { clockOrdered } from '../../simulator/plants/clock-ordered.ts';
import { compareWithRightClocks } from '../../simulator/run/clock-twin.ts';
import { beginning } from '../../simulator/run/sweep.ts';
import { fromMacrotask } from '../../simulator/time/drain.ts';
import { FIRST_SEED } from './first-seed.ts';

describe('wrong and jumping clocks', () => {
  it('SY15: forty histories with wrong clocks and with right ones come to the same commands, order and verdicts', async () => {
    const start = await beginning();
    const from = FIRST_SEED + 5_000;
    for (let seed = from; seed < from + 40; seed += 1)
      expect(await fromMacrotask(() => compareWithRightClocks(drawPlan(seed), start)), `seed ${seed}`).toBeNull();
  }, 240_000);

  it('SY15: an outbox that goes by the clock is found by the comparison', async () => {
    const start = await beginning();
    let found = 0;
    for (let seed = 1; seed <= 60 && found === 0; seed += 1)
      if ((await fromMacrotask(() => compareWithRightClocks(drawPlan(seed), start, clockOrdered))) !== null) found += 1;
    expect(found).toBe(1);
  }, 240_000);
});
