import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchPlan } from '../domain/remote-launch.ts';
import { launchCommand } from './launch-command.ts';

/** The desktop's opener tells a missing program within this; what still runs then has started. */
const STARTED_AFTER_MS = 2_500;
/** A session client reads its file at its start; it holds an address and no secret. */
const FILE_LIFE_MS = 10 * 60_000;

interface LauncherDeps {
  /** 0700 folder of this console. */
  readonly dir: string;
  /** The person's own opener instead of the desktop's. */
  readonly command: string | null;
}

/**
 * Starts what the core has built from a fixed template: a link by the desktop's own opener, a `.rdp` file by the program for
 * it. Never through a shell. `launched: false` when the opener is missing or says that nothing handles the link.
 */
export function createLauncher(deps: LauncherDeps) {
  return {
    async launch(plan: LaunchPlan): Promise<{ launched: boolean }> {
      const subject =
        plan.kind === 'url'
          ? ({ kind: 'url', url: plan.url } as const)
          : ({ kind: 'file', path: await writeSession(deps.dir, plan.extension, plan.content) } as const);
      const facts = { platform: process.platform, systemRoot: process.env['SystemRoot'], command: deps.command };
      return { launched: await start(launchCommand(subject, facts)) };
    },
    /** A checked http, https or mailto address, in the person's browser or mail program. */
    openExternal: (url: string): Promise<boolean> =>
      start(
        launchCommand(
          { kind: 'url', url },
          { platform: process.platform, systemRoot: process.env['SystemRoot'], command: deps.command },
        ),
      ),
  };
}

async function writeSession(dir: string, extension: string, content: string): Promise<string> {
  const folder = join(dir, 'sessions');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `session-${randomBytes(6).toString('hex')}.${extension}`);
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  setTimeout(() => rm(path, { force: true }).catch(() => {}), FILE_LIFE_MS).unref();
  return path;
}

function start(command: { file: string; args: readonly string[]; trustExitCode: boolean }): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command.file, command.args, { stdio: 'ignore', detached: true, shell: false });
    const limit = setTimeout(() => resolve(true), STARTED_AFTER_MS);
    child.once('error', () => {
      clearTimeout(limit);
      resolve(false);
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      resolve(code === 0 || !command.trustExitCode);
    });
    child.unref();
  });
}
