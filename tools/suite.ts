import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Counts = { passed: number; failed: number; skipped: number };

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export const sum = (all: readonly Counts[]): Counts =>
  all.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    NONE,
  );

/** The last line of `npm test`, by which other programs know how it went. */
export const closingLine = ({ passed, failed, skipped }: Counts) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * A suite that ended badly, or without having run anything, has failed whatever its report says.
 * @param report null when there is none
 */
export function judgeSuite(exitCode: number | null, report: () => Counts | null): Counts {
  const counts = report();
  if (counts === null) return { ...NONE, failed: 1 };
  const ranNothing = counts.passed + counts.failed === 0;
  const crashed = exitCode !== 0 && counts.failed === 0;
  return ranNothing || crashed ? { ...counts, failed: counts.failed + 1 } : counts;
}

const running = new Set<ChildProcess>();

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // gone already
  }
}

/** Told to end, the suite in progress ends first: what it started is in its process group. */
export function endSuitesWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      for (const child of running) endGroup(child, 'SIGTERM');
      setTimeout(() => {
        for (const child of running) endGroup(child, 'SIGKILL');
        process.exit(130);
      }, 5_000);
    });
  }
}

/**
 * Runs a suite with our stdout and stderr, to its end or to its time limit.
 * @returns its exit code, null for one that was killed
 */
export function runSuite(
  root: string,
  args: readonly string[],
  env: Record<string, string>,
  limitMs: number,
): Promise<number | null> {
  const preload = pathToFileURL(join(root, 'launcher', 'boot', 'die-with-parent.js')).href;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', preload, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      env: { ...process.env, ...env, CHASQUI_PARENT: String(process.pid) },
    });
    running.add(child);
    const limit = setTimeout(() => {
      console.log(`The suite did not end within ${Math.round(limitMs / 60_000)} minutes and is ended.`);
      endGroup(child, 'SIGKILL');
    }, limitMs);
    const end = (code: number | null) => {
      clearTimeout(limit);
      running.delete(child);
      resolve(code);
    };
    child.once('error', () => end(null));
    child.once('exit', end);
  });
}
