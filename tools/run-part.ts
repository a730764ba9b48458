import { spawn } from 'node:child_process';

export type PartResult = { name: string; ok: boolean; seconds: number; output: string };

/** Runs one program to its end and keeps what it says. */
export function runPart(name: string, args: readonly string[], cwd: string): Promise<PartResult> {
  const began = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (ok: boolean) => resolve({ name, ok, seconds: (performance.now() - began) / 1000, output });
    child.once('error', (error) => {
      output += String(error);
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

/** Runs jobs side by side, a few at a time, and keeps their order. */
export async function runPool<T>(jobs: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      const job = jobs[index];
      if (job !== undefined) results[index] = await job();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
