import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../../torture/plan/draw-plan.ts';
import type { Fault } from '../../../torture/plan/plan.ts';
import { noFaults } from '../../../torture/run/faults.ts';
import { type Bitten, unproved } from '../../../torture/run/floors.ts';
import { linkTotals } from '../../../torture/run/report.ts';

const nothing: Bitten = {
  shown: 1,
  faults: noFaults(),
  deeds: { done: 0, idle: 0, late: 0, refusedHere: 0, diskFull: 0 },
  link: linkTotals([]),
};
const planOf = (times: number, fault: Fault) => ({
  seed: 1,
  consoles: 8,
  horizonMs: 60_000,
  steps: Array.from({ length: times }, () => ({ at: 1, ...fault })),
});
const link = (trouble: Extract<Fault, { kind: 'link' }>['trouble']): Fault => ({ kind: 'link', c: 0, trouble, ms: 1 });
const died = (moment: 'inside' | 'committed'): Fault => ({ kind: 'dieInWrite', c: 0, moment, after: 1, downMs: 0 });
const inAnswer = (moment: 'before' | 'after'): Fault => ({ kind: 'killInAnswer', s: 0, moment, downMs: 0 });
const counted = (name: keyof Bitten['faults']): Partial<Bitten> => ({ faults: { ...noFaults(), [name]: 1 } });
const linked = (name: keyof Bitten['link']): Partial<Bitten> => ({ link: { ...linkTotals([]), [name]: 1 } });

/** A fault, how often a plan has to have it, and what shows that it bit. */
const cases: readonly (readonly [about: string, times: number, fault: Fault, met: Partial<Bitten>])[] = [
  ['backups', 1, { kind: 'backup' }, counted('backup')],
  ['restores', 1, { kind: 'restore' }, counted('restore')],
  ['clones', 1, { kind: 'clone', c: 0 }, counted('clone')],
  ['restarts of PostgreSQL', 1, { kind: 'restartPostgres', downMs: 0 }, counted('restartPostgres')],
  ['a killed PostgreSQL', 1, { kind: 'killPostgres', downMs: 0 }, counted('killPostgres')],
  ['killed consoles', 3, { kind: 'killConsole', c: 0, downMs: 0 }, counted('killConsole')],
  ['killed stores', 2, { kind: 'killStore', s: 0, downMs: 0 }, counted('killStore')],
  ['consoles that die inside a write', 3, died('inside'), counted('diedInWrite')],
  ['consoles that die between a write and its answer', 3, died('committed'), counted('diedAfterWrite')],
  ['stores that die between effect and answer', 3, inAnswer('after'), counted('diedInAnswer')],
  ['stores that die before the effect', 3, inAnswer('before'), counted('diedBeforeEffect')],
  ['full disks', 2, { kind: 'fillDisk', c: 7, leave: 0, ms: 5_000 }, counted('fillDisk')],
  ['links cut', 2, { kind: 'cutLink', c: 0 }, linked('cut')],
  ['slow links', 4, link('slow'), linked('delayed')],
  ['links that lose', 3, link('lossy'), linked('segmentsLost')],
  ['links that cut', 5, link('cuts'), linked('cutMiddle')],
  ['half-open connections', 8, link('halfOpen'), linked('halfOpened')],
  ['slow drips', 2, link('drip'), linked('dripped')],
  ['event streams held back', 4, link('heldStreams'), linked('heldStreams')],
  ['links that refuse', 2, link('refused'), linked('refused')],
  ['silent links', 3, link('silent'), linked('silenced')],
];
describe('a run whose faults never bit proves nothing about them', () => {
  test.each(cases)('%s', (about, times, fault, met) => {
    const plan = planOf(times, fault);
    const words = `the run proved nothing about ${about}: ${times} planned, and none met`;
    expect(unproved(plan, nothing)).toEqual([{ rule: 'FLOOR', words }]);
    expect(unproved(plan, { ...nothing, ...met })).toEqual([]);
    expect(unproved(planOf(times - 1, fault), nothing)).toEqual([]);
  });
  test('acts on a full disk, where disks were full for long enough', () => {
    const plan = planOf(2, { kind: 'fillDisk', c: 7, leave: 0, ms: 8_000 });
    const full = { ...nothing, ...counted('fillDisk') };
    expect(unproved(plan, full)).toMatchObject([{ rule: 'FLOOR', words: expect.stringContaining('16 planned') }]);
    expect(unproved(plan, { ...full, deeds: { ...nothing.deeds, diskFull: 1 } })).toEqual([]);
  });
  test('flipped bytes, and where there are many those in rows of commands', () => {
    const plan = planOf(2, { kind: 'flipOutbox', c: 0, places: [0.1, 0.2, 0.3, 0.4, 0.5], downMs: 0 });
    expect(unproved(plan, nothing)).toHaveLength(2);
    const flipped = { ...noFaults(), bytesFlipped: 10 };
    expect(unproved(plan, { ...nothing, faults: flipped })).toMatchObject([{ words: expect.stringContaining('rows') }]);
    expect(unproved(plan, { ...nothing, faults: { ...flipped, rowsHit: 1 } })).toEqual([]);
  });
  test('nothing shown as saved', () => {
    const plan = drawPlan({ seed: 1, minutes: 0.1, consoles: 2, faults: false });
    expect(unproved(plan, { ...nothing, shown: 0 })).toMatchObject([{ rule: 'FLOOR' }]);
    expect(unproved(plan, nothing)).toEqual([]);
  });
});
