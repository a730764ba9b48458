import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Counts } from './suite.ts';

const vitestSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

const playwrightSchema = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
  errors: z.array(z.unknown()),
});

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @returns null where there is no such report. A file that broke before its tests counts as one failure. */
export function vitestCounts(file: string): Counts | null {
  const report = vitestSchema.safeParse(readJson(file));
  if (!report.success) return null;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of report.data.testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    counts.passed += passed;
    counts.failed += failed === 0 && status === 'failed' ? 1 : failed;
    counts.skipped += assertionResults.length - passed - failed;
  }
  return counts;
}

/** @returns null where there is no such report. An error outside the tests counts as one failure. */
export function playwrightCounts(file: string): Counts | null {
  const report = playwrightSchema.safeParse(readJson(file));
  if (!report.success) return null;
  const { stats, errors } = report.data;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}
