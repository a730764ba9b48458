import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file with a runner's report, gone after the test. A text is written as it is. */
export function report(content: unknown): string {
  const dir = mkdtempSync(join(tmpdir(), 'chasqui-report-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'report.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return join(dir, 'report.json');
}
