import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'chasqui-launcher-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return dir;
}

export type Started = {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Its exit code, null for one that was killed. */
  exit: Promise<number | null>;
};

export function run(file: string, args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_lifecycle_event: '', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, stdout: () => out, stderr: () => err, exit };
}

export async function until(condition: () => boolean, what: string, limitMs = 60_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The fixture programs that ever ran on a data folder, as `name-pid`. */
export function everStarted(dir: string): string[] {
  try {
    return readdirSync(join(dir, 'pids'));
  } catch {
    return [];
  }
}

export function stillRunning(dir: string): string[] {
  return everStarted(dir).filter((entry) => isAlive(Number(entry.split('-')[1])));
}
