import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PAGE_LIFE_MS = 60_000;
const PAGE_NAME = /^open-[\w-]+\.html$/;

/** Arguments for a window of its own over a profile of its own. None of them is secret: `ps` shows them to everybody. */
export function appWindowArgs(pagePath: string, profileDir: string, asRoot: boolean): string[] {
  return [
    `--app=${pathToFileURL(pagePath).href}`,
    `--user-data-dir=${profileDir}`,
    '--window-size=1360,860',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-extensions',
    // Chromium refuses to start as root with its sandbox.
    ...(asRoot ? ['--no-sandbox'] : []),
  ];
}

/** The page whose one act is to go on to the address with the token. Only its owner can read it (threat 33). */
export function redirectPage(url: string): string {
  const literal = JSON.stringify(url).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Chasqui</title><script>location.replace(${literal})</script>\n`;
}

/**
 * Opens a window on an address that holds a one-time token, by way of a 0600 page in `dir` (itself 0700).
 * Resolves to false when the browser could not be started. The page is removed a minute later, or at the next start.
 */
export async function openAppWindow(browser: string, url: string, dir: string): Promise<boolean> {
  const page = join(dir, `open-${randomBytes(9).toString('base64url')}.html`);
  await writeFile(page, redirectPage(url), { mode: 0o600, flag: 'wx' });
  setTimeout(() => rm(page, { force: true }).catch(() => {}), PAGE_LIFE_MS).unref();
  const args = appWindowArgs(page, join(dir, 'browser'), process.getuid?.() === 0);
  return new Promise((resolve) => {
    const child = spawn(browser, args, { stdio: 'ignore', detached: true, shell: false });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Takes away the pages that a killed run left behind. */
export async function removeOldPages(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (PAGE_NAME.test(name)) await rm(join(dir, name), { force: true });
  }
}
