import { describe, expect, test } from 'vitest';
import { playwrightFailures, saidOfSuite, vitestFailures } from '../../tools/failures.ts';
import { report } from './report-file.ts';

describe('what failed, by vitest', () => {
  test('each test with its file and its error without the frames of the runner; a file that broke by its message', () => {
    const error =
      'expected 1 to be 2\n    at /here/test/a.test.ts:2:55\n    at file:///here/node_modules/vitest/x.js:1:1';
    const file = report({
      testResults: [
        {
          name: '/here/test/a.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'failed', fullName: 'SY1 it holds', failureMessages: [error] },
            { status: 'passed', fullName: 'SY2 it holds', failureMessages: [] },
          ],
        },
        { name: '/here/test/b.test.ts', status: 'failed', message: '\u001b[31mbroken\u001b[39m', assertionResults: [] },
        { name: '/here/test/c.test.ts', status: 'passed', assertionResults: [] },
      ],
    });
    expect(vitestFailures('/here', file)).toEqual([
      'test/a.test.ts > SY1 it holds\n    expected 1 to be 2\n        at /here/test/a.test.ts:2:55',
      'test/b.test.ts\n    broken',
    ]);
  });

  test('nothing can be said without a report', () => {
    expect(vitestFailures('/here', '/nowhere/report.json')).toEqual([]);
    expect(vitestFailures('/here', report('{"testResults":['))).toEqual([]);
  });
});

test('what failed, by Playwright: project, place and title, however deep, and what broke outside the tests', () => {
  const failing = (title: string, ok: boolean, message: string) => ({
    title,
    ok,
    file: 'a.spec.ts',
    line: 7,
    tests: [{ projectName: 'portable', results: [{ error: { message } }] }],
  });
  const file = report({
    suites: [{ specs: [failing('fine', true, '')], suites: [{ specs: [failing('R5 taken', false, 'not seen')] }] }],
    errors: [{ message: 'no config' }],
  });
  expect(playwrightFailures(file)).toEqual([
    '[portable] a.spec.ts:7 > R5 taken\n    not seen',
    'outside the tests\n    no config',
  ]);
  expect(playwrightFailures('/nowhere/report.json')).toEqual([]);
});

test('a suite that failed is named, also where no report of its own names anything', () => {
  expect(saidOfSuite(1, [], 'torture: evidence in test-results/torture')).toEqual([
    'torture: evidence in test-results/torture',
  ]);
  expect(saidOfSuite(2, ['check types'], 'check: above')).toEqual(['check types']);
  expect(saidOfSuite(0, [], 'build: above')).toEqual([]);
});
