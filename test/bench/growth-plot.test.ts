import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrowthRun } from '../../bench/growth/kept.ts';
import { decades, logScale } from '../../bench/growth/log-scale.ts';
import { growthTable, short } from '../../bench/growth/panels.ts';
import { growthSvg, placeLabels } from '../../bench/growth/plot.ts';

const run = (size: number, work: GrowthRun['work'], figures: Record<string, number>): GrowthRun => ({
  size,
  work,
  figures,
  at: '2026-11-23T00:00:00.000Z',
  load: 0,
  machine: {},
});

describe('scales of the growth plot', () => {
  it('gives every factor of ten the same length', () => {
    const y = logScale([1, 1_000], [300, 0]);
    expect([1, 10, 100, 1_000].map((value) => Math.round(y(value)))).toEqual([300, 200, 100, 0]);
  });

  it('takes whole decades around all values, two at least', () => {
    expect(decades([19, 6.4, 50])).toEqual([1, 10, 100]);
    expect(decades([100])).toEqual([100, 1_000]);
    expect(decades([1_000, 1])).toEqual([1, 10, 100, 1_000]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const ticks = decades(values);
        const [least = Number.NaN, most = Number.NaN] = [ticks[0], ticks.at(-1)];
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(least * (1 - 1e-6));
          expect(value).toBeLessThanOrEqual(most * (1 + 1e-6));
        }
      }),
    );
  });

  it('writes values with three digits', () => {
    expect([0.303, 6.44, 300, 1_975, 26_234, 448_522, 999_600, 1_000_000].map(short)).toEqual([
      '0.303',
      '6.44',
      '300',
      '1980',
      '26.2 k',
      '449 k',
      '1 M',
      '1 M',
    ]);
  });
});

describe('labels of the growth plot', () => {
  it('stand above their points, below where another one is in the way, and nowhere where both are taken', () => {
    const at = (x: number, y: number, value: number) => ({ x, y, value });
    expect(placeLabels([[at(100, 100, 1)], [at(200, 100, 2)]]).map(({ y }) => y)).toEqual([92, 92]);
    const crowded = placeLabels([[at(100, 100, 1)], [at(100, 103, 2)], [at(100, 106, 3)]]);
    expect(crowded.map(({ text }) => text)).toEqual(['1', '2']);
    expect(crowded.map(({ y }) => y)).toEqual([92, 120]);
  });
});

describe('the drawing and the table', () => {
  const runs = [
    run(10_000, 'fill', { rowsPerSecond: 20_000, usableMs: 900, peakMb: 250 }),
    run(100_000, 'fill', { rowsPerSecond: 26_000, usableMs: 950, peakMb: 280 }),
    run(10_000, 'killed', { pages: 20, again: 0 }),
  ];

  it('draw what was measured and nothing else, a point each', () => {
    const svg = growthSvg(runs);
    expect(svg.match(/<circle/gu)).toHaveLength(6);
    expect(svg).toContain('26 k');
    expect(svg).not.toMatch(/NaN|Infinity|undefined|On the wire/u);
  });

  it('leave what is 0 out of the drawing and in the table, with a dash for a size that is missing', () => {
    const table = growthTable(runs);
    expect(table).toContain('| tickets | 10,000 | 100,000 | target |');
    expect(table).toContain('| First fill: until up to date, rows/s | 20 k | 26 k | 50 k |');
    expect(table).toContain('| Killed fill: fetched again, pages | 0 | - |  |');
    expect(table).not.toContain('A → store → B');
  });
});
