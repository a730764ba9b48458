import { describe, expect, it } from 'vitest';
import { plannedWork, workBegins } from '../../bench/support/desk-work.ts';
import { GENERATED_UNTIL } from '../../bench/support/generated-desk.ts';

const ticketIds = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];
const work = plannedWork({ seed: 7, days: 30, actsADay: 20, ticketIds });

describe('the work of a desk while a console is away', () => {
  it('is exactly so many acts, half of them notes on older tickets, with an id each', () => {
    expect(work).toHaveLength(600);
    const onOlder = work.filter(({ ticketId }) => ticketIds.includes(ticketId));
    expect(onOlder).toHaveLength(300);
    expect(onOlder.every(({ command }) => command.type === 'addNote')).toBe(true);
    expect(new Set(work.map(({ id }) => id)).size).toBe(600);
  });

  it('lies within its days, in order of time, and every new ticket begins with its registration', () => {
    const times = work.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(workBegins(30));
    expect(times.at(-1)).toBeLessThan(GENERATED_UNTIL);
    const fresh = Map.groupBy(work, ({ ticketId }) => ticketId);
    for (const [ticketId, acts] of fresh)
      if (!ticketIds.includes(ticketId))
        expect(acts.map(({ command }) => command.type).indexOf('register'), ticketId).toBe(0);
    expect(fresh.size).toBeGreaterThan(50);
  });

  it('is the same for the same seed', () => {
    expect(plannedWork({ seed: 7, days: 30, actsADay: 20, ticketIds })).toEqual(work);
  });
});
