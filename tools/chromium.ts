import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];
const PROBE_MS = 5_000;
const DOWNLOAD_MS = 5 * 60 * 1000;

/** A browser for the tests, or the sentence that says why there is none. */
export type ChromiumFound = { path: string } | { why: string };

/** A binary that lacks its libraries is there and does not run. */
const runs = (path: string) => spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

const WINDOWS = ['Microsoft\\Edge\\Application\\msedge.exe', 'Google\\Chrome\\Application\\chrome.exe'];

function systemCandidates(): string[] {
  const env = process.env;
  if (process.platform === 'win32') {
    const homes = [env['ProgramFiles(x86)'], env.ProgramFiles, env.LOCALAPPDATA].filter((home) => home !== undefined);
    return homes.flatMap((home) => WINDOWS.map((file) => join(home, file)));
  }
  if (process.platform === 'darwin') return ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return (env.PATH ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name)));
}

function systemChromium(): string | null {
  const asked = process.env.CHROMIUM_PATH;
  const candidates = asked ? [asked] : systemCandidates();
  // msedge and chrome on Windows open a window for --version, so there being there is enough.
  return candidates.find((path) => existsSync(path) && (process.platform === 'win32' || runs(path))) ?? null;
}

function playwrightsOwn(): string | null {
  const path = chromium.executablePath();
  return path !== '' && existsSync(path) && runs(path) ? path : null;
}

async function downloadPlaywrights(root: string): Promise<string | null> {
  try {
    await fetch('https://cdn.playwright.dev/', { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
  } catch {
    return null;
  }
  console.log("No Chromium on this machine: fetching Playwright's…");
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit', timeout: DOWNLOAD_MS });
  return playwrightsOwn();
}

function installByApt(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  console.log('No Chromium on this machine: installing the one of Debian…');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env, timeout: DOWNLOAD_MS });
  apt('update', '-q');
  apt('install', '-y', '-q', '--no-install-recommends', 'chromium');
  return systemChromium();
}

/** The system's Chromium; else Playwright's; else, as root on Debian, the one of apt. */
export async function ensureChromium(root: string): Promise<ChromiumFound> {
  const path = systemChromium() ?? playwrightsOwn() ?? (await downloadPlaywrights(root)) ?? installByApt();
  if (path !== null) return { path };
  return { why: "there is no Chromium here, Playwright's cannot be downloaded, and apt cannot install one" };
}
