import { describe, expect, test } from 'vitest';
import { playwrightCounts, vitestCounts } from '../../tools/reports.ts';
import { type Counts, closingLine, judgeSuite, sum } from '../../tools/suite.ts';
import { report } from './report-file.ts';

const tests = (...statuses: string[]) => statuses.map((status) => ({ status }));
const counts = (passed: number, failed: number, skipped: number): Counts => ({ passed, failed, skipped });

describe('counts of vitest', () => {
  test('over all files; a file that broke before its tests is a failure', () => {
    const file = report({
      testResults: [
        { status: 'passed', assertionResults: tests('passed', 'passed', 'skipped', 'todo') },
        { status: 'failed', assertionResults: tests('failed', 'passed') },
        { status: 'failed', assertionResults: [] },
      ],
    });
    expect(vitestCounts(file)).toEqual(counts(3, 2, 2));
  });

  test('there are none without a report, or with half of one', () => {
    expect(vitestCounts('/nowhere/report.json')).toBeNull();
    expect(vitestCounts(report('{"testResults":['))).toBeNull();
    expect(vitestCounts(report({}))).toBeNull();
  });
});

test('counts of Playwright: an error outside the tests is a failure', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
  expect(playwrightCounts(report({ stats, errors: [{ message: 'no config' }] }))).toEqual(counts(6, 2, 2));
  expect(playwrightCounts(report({ errors: [] }))).toBeNull();
});

describe('a suite', () => {
  test.each([
    ['in order', 0, counts(3, 0, 1), counts(3, 0, 1)],
    ['with failures', 1, counts(3, 2, 0), counts(3, 2, 0)],
    ['that ran nothing has failed', 0, counts(0, 0, 4), counts(0, 1, 4)],
    ['that ended badly with every test passed has failed', 1, counts(3, 0, 0), counts(3, 1, 0)],
    ['that was killed has failed', null, counts(3, 0, 0), counts(3, 1, 0)],
    ['without a report has failed', 0, null, counts(0, 1, 0)],
  ])('%s', (_what, exitCode, reported, expected) => {
    expect(judgeSuite(exitCode, () => reported)).toEqual(expected);
  });
});

test('the closing line sums all suites', () => {
  expect(closingLine(sum([counts(1, 2, 3), counts(10, 0, 0)]))).toBe('11 passed, 2 failed, 3 skipped');
});
