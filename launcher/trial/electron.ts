import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const DAY_MS = 24 * 60 * 60 * 1000;
const PROBE_MS = 5_000;
const DOWNLOAD_MS = 10 * 60 * 1000;

/** The desktop console can run here, or the one line that says why it cannot. */
export type ElectronChoice = { binary: string } | { why: string };

type Surroundings = {
  root: string;
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  isRoot: boolean;
  now: number;
  say: (line: string) => void;
  signal: AbortSignal;
};

/** @returns the binary that Electron's own installer left, or null. */
function installedElectron(root: string): string | null {
  try {
    const home = join(root, 'node_modules', 'electron');
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(home, 'dist');
    const binary = join(dist, readFileSync(join(home, 'path.txt'), 'utf8'));
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

const failureFile = (root: string) => join(root, 'node_modules', '.chasqui', 'electron-download.json');
const failureSchema = z.object({ at: z.number() });

/** Without this memory every start on a closed network would wait for the same failure. */
export function failedWithinADay(root: string, now: number): boolean {
  try {
    const { at } = failureSchema.parse(JSON.parse(readFileSync(failureFile(root), 'utf8')));
    return now >= at && now - at < DAY_MS;
  } catch {
    return false;
  }
}

export function rememberFailure(root: string, now: number): void {
  mkdirSync(join(failureFile(root), '..'), { recursive: true });
  writeFileSync(failureFile(root), JSON.stringify({ at: now }));
}

/** A closed network is known in seconds; Electron's installer would retry for minutes. */
async function sourceAnswers(env: Surroundings['env'], signal: AbortSignal): Promise<boolean> {
  // A mirror of the organisation's own is theirs to vouch for.
  if (env.ELECTRON_MIRROR || env.npm_config_electron_mirror) return true;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]);
    const answer = await fetch('https://github.com/electron/electron/releases', { method: 'HEAD', signal: limit });
    return answer.ok;
  } catch {
    return false;
  }
}

function runInstaller(root: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MS)]);
    const script = join(root, 'node_modules', 'electron', 'install.js');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'ignore'], signal: limit });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function download({ root, env, now, say, signal }: Surroundings): Promise<boolean> {
  if (failedWithinADay(root, now)) return false;
  if (await sourceAnswers(env, signal)) {
    say('Fetching Electron (once, about 110 MB)…');
    if (await runInstaller(root, signal)) return true;
  }
  // Told to end in the middle is no failure to remember.
  if (!signal.aborted) rememberFailure(root, now);
  return false;
}

/** Decides which console opens; may download Electron, at most once a day. */
export async function chooseElectron(around: Surroundings): Promise<ElectronChoice> {
  const { root, platform, env, isRoot } = around;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return { why: 'there is no display for a desktop window' };
  if (isRoot) return { why: 'Electron keeps its sandbox only for a user who is not root' };
  const present = installedElectron(root);
  if (present !== null) return { binary: present };
  const had = (await download(around)) ? installedElectron(root) : null;
  return had === null ? { why: 'the Electron binary is not here and cannot be downloaded' } : { binary: had };
}
