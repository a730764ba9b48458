import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from 'electron';
import type { LauncherPort } from '../core/ports/launcher.ts';

/** A session client reads its file at its start; it holds an address and no secret. */
const FILE_LIFE_MS = 10 * 60_000;

/** Starts what the core has built from a fixed template, through the system's own handlers and no shell. */
export function createLauncher(shell: Pick<Shell, 'openExternal' | 'openPath'>, dir: string): LauncherPort {
  return {
    async launch(plan) {
      if (plan.kind === 'url') {
        const launched = await shell.openExternal(plan.url).then(
          () => true,
          () => false,
        );
        return { launched };
      }
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const path = join(dir, `session-${randomBytes(6).toString('hex')}.${plan.extension}`);
      await writeFile(path, plan.content, { mode: 0o600, flag: 'wx' });
      setTimeout(() => rm(path, { force: true }).catch(() => {}), FILE_LIFE_MS).unref();
      return { launched: (await shell.openPath(path)) === '' };
    },
  };
}
