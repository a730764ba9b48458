import { describe, expect, it } from 'vitest';
import { plants } from '../../simulator/plants/index.ts';
import { seedOfToday } from '../../simulator/run/seed-of-today.ts';
import { sweepAll } from '../../simulator/run/threads.ts';

/** A known bug has to be caught within so many seeds, wherever they begin. */
const WITHIN = 2_000;
const demanded = [
  'commit-order',
  'missing-dedupe',
  'apply-by-arrival',
  'lost-answer-is-refusal',
  'unreadable-skipped',
  'cursor-before-rows',
  'retry-by-text',
  'out-of-scope-kept',
  'clock-ordered',
  'pull-waits-for-push',
  'epoch-ignored',
  'fork-ignored',
];

describe('planted bugs', () => {
  it('the twelve that are asked for are there', () => {
    expect(Object.keys(plants)).toEqual(expect.arrayContaining(demanded));
  });

  it(`SY1 SY2 SY3 SY4 SY5 SY7 SY8 SY9 SY10 SY11 SY14 SY16: each is caught within ${WITHIN} seeds, from three starting seeds of today`, async () => {
    const starts = [0, 30_000, 60_000].map((offset) => seedOfToday() + offset);
    console.log(`plants from seeds ${starts.join(', ')}`);
    const requests = starts.flatMap((from) => Object.keys(plants).map((plant) => ({ from, seeds: WITHIN, plant })));
    const done = await sweepAll(requests, 2);
    const missed = requests.filter((_, at) => done[at]?.failure === null);
    expect(missed).toEqual([]);
  }, 900_000);
});
