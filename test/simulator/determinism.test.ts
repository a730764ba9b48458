import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawPlan } from '../../simulator/plan/draw-plan.ts';
import { noPlant } from '../../simulator/plants/plant.ts';
import { createBeginning } from '../../simulator/run/beginning.ts';
import { beginning } from '../../simulator/run/sweep.ts';
import { traceOf } from '../../simulator/run/transcript.ts';
import { fromMacrotask } from '../../simulator/time/drain.ts';
import { guarded } from '../../simulator/time/guard.ts';
import { FIRST_SEED } from './first-seed.ts';

const hashOf = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex');

describe('one seed, one history', () => {
  it('SY13: played twice, over two beginnings, each of sixty seeds leaves the same trace to the byte', async () => {
    const first = await beginning();
    const second = await fromMacrotask(createBeginning);
    const from = FIRST_SEED;
    for (let seed = from; seed < from + 60; seed += 1) {
      const play = (start: typeof first) =>
        fromMacrotask(() => traceOf(drawPlan(seed), { beginning: start, plant: noPlant, strict: seed % 16 === 0 }));
      const [once, again] = [await play(first), await play(second)];
      expect(once.length).toBeGreaterThan(20);
      expect(hashOf(again), `seed ${seed}`).toBe(hashOf(once));
    }
  }, 300_000);

  it('SY13: other seeds leave other traces', async () => {
    const start = await beginning();
    const traces = new Set<string>();
    for (let seed = 1; seed <= 12; seed += 1)
      traces.add(
        hashOf(await fromMacrotask(() => traceOf(drawPlan(seed), { beginning: start, plant: noPlant, strict: false }))),
      );
    expect(traces.size).toBe(12);
  }, 60_000);

  it('SY13: who asks the machine for time, chance or a timer inside a history is thrown out, and gets them back after it', () => {
    const leaks = [
      () => Date.now(),
      () => new Date(),
      () => Math.random(),
      () => performance.now(),
      () => setTimeout(() => {}, 0),
      () => setInterval(() => {}, 1_000),
      () => setImmediate(() => {}),
      () => crypto.randomUUID(),
    ];
    for (const leak of leaks) expect(() => guarded<unknown>(leak)).toThrow('SY13');
    expect(guarded(() => new Date(0).getTime())).toBe(0);
    expect(Date.now()).toBeGreaterThan(0);
  });
});
