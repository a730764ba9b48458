import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a second start on the same data folder needs to find and to recognise the first. Readable by its owner only. */
export const runtimeSchema = z.strictObject({
  pid: z.int().positive(),
  port: z.int().min(1).max(65535),
  id: z.string().regex(/^[a-z0-9]{16,40}$/),
  secret: z.string().min(32).max(100),
});
export type Runtime = z.infer<typeof runtimeSchema>;

const pathIn = (dir: string) => join(dir, 'portable.json');

/** Null when there is none, or none that can be understood. */
export async function readRuntime(dir: string): Promise<Runtime | null> {
  const text = await readFile(pathIn(dir), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const parsed = runtimeSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Always a new file, so that the rights of an older one are not inherited. */
export async function writeRuntime(dir: string, runtime: Runtime): Promise<void> {
  await rm(pathIn(dir), { force: true });
  await writeFile(pathIn(dir), JSON.stringify(runtime), { mode: 0o600, flag: 'wx' });
}

/** Removes the file of this run; another run's stays. */
export async function removeRuntime(dir: string, id: string): Promise<void> {
  if ((await readRuntime(dir))?.id === id) await rm(pathIn(dir), { force: true });
}
