import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const accountSchema = z.object({
  user: z.string(),
  password: z.string(),
  role: z.string(),
  tier: z.number().nullable(),
  site: z.string().nullable(),
});

export const storeLineSchema = z.object({
  store: z.object({ url: z.string() }),
  accounts: z.array(accountSchema),
});

export type TrialStore = z.infer<typeof storeLineSchema>;

const runningSchema = storeLineSchema.extend({ pid: z.int().positive() });

export type RunningStore = z.infer<typeof runningSchema>;

const HEALTH_MS = 2_000;
const runningFile = (dir: string) => join(dir, 'launcher', 'running-store.json');

/** Holds passwords of the trial's accounts, so only its owner reads it. */
export function writeRunning(dir: string, store: RunningStore): void {
  const file = runningFile(dir);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(store), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function clearRunning(dir: string): void {
  rmSync(runningFile(dir), { force: true });
}

/** What the last start of the store on this folder left: maybe alive, maybe not. */
export function readRunning(dir: string): RunningStore | null {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(runningFile(dir), 'utf8')));
  } catch {
    return null;
  }
}

export async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(HEALTH_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
