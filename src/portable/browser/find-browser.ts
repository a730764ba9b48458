import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { win32 } from 'node:path';
import { promisify } from 'node:util';
import { appPathPrograms, appPathRoots, browserCandidates, parseRegistryValue } from './detect.ts';

const run = promisify(execFile);

/** The first installed browser that knows app mode; null when there is none. */
export async function findBrowser(): Promise<string | null> {
  const appPaths = process.platform === 'win32' ? await readAppPaths() : {};
  for (const path of browserCandidates({ platform: process.platform, env: process.env, appPaths })) {
    if (await runs(path)) return path;
  }
  return null;
}

const runs = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function readAppPaths(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  // By full path: a `reg.exe` planted beside the program is never run.
  const reg = win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  for (const program of appPathPrograms) {
    for (const root of appPathRoots) {
      const answer = await run(reg, ['query', `${root}\\${program}`, '/ve'], { windowsHide: true }).catch(() => null);
      const path = answer === null ? null : parseRegistryValue(answer.stdout);
      if (path !== null) found[program] ??= path;
    }
  }
  return found;
}
