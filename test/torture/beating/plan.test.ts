import { expect, test } from 'vitest';
import { drawPlan } from '../../../torture/plan/draw-plan.ts';
import { isDeed } from '../../../torture/plan/plan.ts';

const twoMinutes = { minutes: 2, consoles: 8, faults: true };
const everyFault = [
  'backup',
  'clone',
  'cutLink',
  'dieInWrite',
  'fillDisk',
  'flipCache',
  'flipOutbox',
  'killConsole',
  'killInAnswer',
  'killPostgres',
  'killStore',
  'link',
  'restartPostgres',
  'restore',
];

test('SY13 what is done and what goes wrong follow from the seed alone, and from nothing else', () => {
  expect(drawPlan({ seed: 7, ...twoMinutes })).toEqual(drawPlan({ seed: 7, ...twoMinutes }));
  expect(drawPlan({ seed: 7, ...twoMinutes })).not.toEqual(drawPlan({ seed: 8, ...twoMinutes }));
});

test.each([1, 2, 99_991])('two minutes of seed %i meet every kind of fault, a restore after its backup', (seed) => {
  const { steps, horizonMs } = drawPlan({ seed, ...twoMinutes });
  const faults = steps.filter((step) => !isDeed(step));
  expect([...new Set(faults.map(({ kind }) => kind))].sort()).toEqual(everyFault);
  const at = (kind: string) => faults.find((step) => step.kind === kind)?.at ?? Number.NaN;
  expect(at('backup')).toBeLessThan(at('restore'));
  for (const step of steps) expect(step.at).toBeLessThanOrEqual(horizonMs);
  expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
});

test('SY2 every act of a plan writes a text of its own, so that a second one is a doubled act', () => {
  const { steps } = drawPlan({ seed: 5, ...twoMinutes });
  const notes = steps.flatMap((step) => (step.kind === 'acts' ? step.acts.map(({ arg }) => arg) : []));
  const registers = steps.flatMap((step) => (step.kind === 'register' ? [step.arg] : []));
  expect(notes.length).toBeGreaterThan(500);
  expect(new Set(notes).size).toBe(notes.length);
  expect(new Set(registers).size).toBe(registers.length);
});
