import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawPlan } from '../../simulator/plan/draw-plan.ts';
import { plants } from '../../simulator/plants/index.ts';
import { readRegression, saveRegression } from '../../simulator/run/regression.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const main = join(import.meta.dirname, '..', '..', 'simulator', 'main.ts');
const simulate = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

describe('npm run simulate', () => {
  it('names its plants, one a line', () => {
    const { status, stdout } = simulate('--list-plants');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(Object.keys(plants));
  });

  it('says which arguments make no sense, with exit code 2', () => {
    for (const args of [['--plant', 'nobody'], ['--seeds', 'many'], ['--seeds', '0'], ['--what']]) {
      const { status, stderr } = simulate(...args);
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).toContain('npm run simulate');
    }
  });

  it('SY11: a broken rule comes with its seed, a plan made small and a trace, and exit code 1', () => {
    const trace = join(folder, 'trace.txt');
    const { status, stdout, stderr } = simulate(
      '--plant',
      'lost-answer-is-refusal',
      '--seeds',
      '50',
      '--json',
      '--trace',
      trace,
    );
    expect(status).toBe(1);
    const told = JSON.parse(stdout.split('\n')[0] ?? '') as {
      ok: boolean;
      failure: { seed: number; violation: { rule: string } };
    };
    expect(told).toMatchObject({ ok: false, plant: 'lost-answer-is-refusal' });
    expect(stderr).toMatch(/made small \(\d+ steps → \d+\)/);
    expect(stderr).toContain(`${told.failure.violation.rule} at `);
    expect(readFileSync(trace, 'utf8').split('\n').length).toBeGreaterThan(5);
  }, 120_000);

  it('a plan that is kept is the plan that was played', () => {
    const plan = drawPlan(7);
    const path = saveRegression('kept', { rule: 'SY1', taught: 'nothing', seed: 7, plan }, folder);
    expect(readRegression(path)).toEqual({ rule: 'SY1', taught: 'nothing', seed: 7, plan });
  });
});
