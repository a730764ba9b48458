import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { trialAccountSchema } from '../../protocol/sync/auth.ts';
import { isAlive } from '../embedded/stale.ts';

/** What a running trial leaves in its data folder for others of the same user: 0600, gone when it ends. */
export const runtimeSchema = z.object({
  pid: z.int(),
  url: z.url(),
  databaseUrl: z.string(),
  accounts: z.array(trialAccountSchema),
});
export type Runtime = z.infer<typeof runtimeSchema>;

const fileIn = (folder: string): string => join(folder, 'store.json');

export async function writeRuntime(folder: string, runtime: Runtime): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${fileIn(folder)}.${process.pid}`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(runtime)}\n`);
  await file.close();
  await rename(draft, fileIn(folder));
}

/** Removes the file if it is still this process's. */
export async function removeRuntime(folder: string): Promise<void> {
  const runtime = await readRuntime(folder);
  if (runtime?.pid === process.pid) await rm(fileIn(folder), { force: true });
}

async function readRuntime(folder: string): Promise<Runtime | null> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return runtimeSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The trial that runs on this folder: its process lives and its store answers. */
export async function findRunning(folder: string): Promise<Runtime | null> {
  const runtime = await readRuntime(folder);
  if (runtime === null || !isAlive(runtime.pid)) return null;
  const answer = await fetch(`${runtime.url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return answer?.ok ? runtime : null;
}
