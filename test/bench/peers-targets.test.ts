import { describe, expect, it } from 'vitest';
import type { RawRun } from '../../bench/peers/table.ts';
import { targetsOf } from '../../bench/peers/targets.ts';

const MINUTE = 60_000;
const run = (
  peer: string,
  work: RawRun['work'],
  figures: Record<string, number>,
  rest: Partial<RawRun> = {},
): RawRun => ({
  peer,
  work,
  size: 1_000,
  run: 1,
  verified: true,
  figures,
  ...rest,
});
const fill = (peer: string, rowsPerSecond: number, size: number) =>
  run(peer, 'fill', { rowsPerSecond, usableMs: 100, ms: 3_000 }, { size });
const found = (runs: readonly RawRun[], what: string) =>
  targetsOf(runs, 15 * MINUTE).find((target) => target.what === what);

describe('the targets of the peers bench', () => {
  it('look at the largest size alone', () => {
    const runs = [fill('Chasqui', 60_000, 1_000), fill('Chasqui', 40_000, 100_000)];
    expect(found(runs, 'fill, rows/s')).toMatchObject({ value: 40_000, met: false });
    expect(found(runs, 'queue usable in ms')).toMatchObject({ met: true });
  });

  it('ask for ten times the best peer, not the worst', () => {
    const runs = [
      run('Chasqui', 'drain', { ms: 100 }),
      run('PouchDB', 'drain', { ms: 5_000 }),
      run('RxDB', 'drain', { ms: 900 }),
    ];
    expect(found(runs, 'drain, × the best peer')).toMatchObject({ value: 9, met: false });
    expect(found(runs, 'drain in ms')).toMatchObject({ value: 100, met: true });
  });

  it('take a peer that was over its limit as no faster than the limit', () => {
    const over = (peer: string) => run(peer, 'fill', {}, { size: 100_000, verified: false, over: '9 rows in 15 min' });
    const slow = [fill('Chasqui', 50_000, 100_000), over('PouchDB')];
    expect(found(slow, 'fill, × PouchDB')).toMatchObject({ value: 300, met: true });
    const ours = run('Chasqui', 'fill', { rowsPerSecond: 1, usableMs: 1, ms: 5 * MINUTE }, { size: 100_000 });
    expect(found([ours, over('PouchDB')], 'fill, × PouchDB')).toMatchObject({ value: 3, met: false });
  });

  it('say nothing of what was not run', () => {
    expect(targetsOf([run('PouchDB', 'live', { p50Ms: 1, p95Ms: 1 })], MINUTE)).toEqual([]);
    expect(
      found([run('Chasqui', 'killed', { again: 3_000, pages: 1 })], 'pages fetched again after a kill'),
    ).toMatchObject({ met: true });
  });
});
