import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { CdpConnection } from './cdp.ts';
import { tellTest } from './recorder.ts';

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-component-update',
  '--disable-default-apps',
  // Electron keeps no page for the way back, and renders none ahead.
  '--disable-back-forward-cache',
  '--disable-extensions',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-breakpad',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--password-store=basic',
  '--use-mock-keychain',
  // Every frame of a page in one process: one session then sees and intercepts them all.
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins,site-per-process,IsolateSandboxedIframes,Prerender2,Translate,MediaRouter,OptimizationHints',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
];

export type Browser = { readonly connection: CdpConnection; readonly wsUrl: string; kill(): void };

/**
 * Starts Chromium with its profile under the app's user data, as Electron's own session data would be.
 * It hands the test the web socket for Playwright and keeps the pipe for itself.
 */
export async function startChromium(path: string, userData: string, locale: string): Promise<Browser> {
  const home = join(userData, 'electron-standin');
  const profile = join(home, 'chromium');
  mkdirSync(profile, { recursive: true });
  const child = spawn(path, [...flags, `--user-data-dir=${profile}`, `--lang=${locale}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LANGUAGE: locale, PATH: `${noDesktop(home)}:${process.env['PATH'] ?? ''}` },
  });
  const [, , , out, into] = child.stdio;
  if (!(out instanceof Writable) || !(into instanceof Readable))
    throw new Error('chromium was started without its pipes');
  const connection = new CdpConnection(out, into);
  const wsUrl = await endpoint(child);
  await connection.browser.send('Browser.getVersion');
  // Before the test hears of the browser: what Playwright sets when it connects must be the last word.
  await connection.browser.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
  tellTest({ type: 'browser', wsUrl, pid: child.pid ?? 0 });
  return { connection, wsUrl, kill: () => child.kill('SIGKILL') };
}

/** Chromium hands mailto: and the like to xdg-open by itself; the stand-in's desktop has no other program. */
function noDesktop(home: string): string {
  const folder = join(home, 'bin');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'xdg-open');
  writeFileSync(file, '#!/bin/sh\nexit 0\n');
  chmodSync(file, 0o755);
  return folder;
}

function endpoint(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const onExit = (code: number | null): void => {
      reject(new Error(`chromium ended with ${code} before it listened:\n${seen.slice(-2000)}`));
    };
    child.once('error', reject);
    child.once('exit', onExit);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (seen.length > 100_000) return;
      seen += chunk.toString('utf8');
      const match = /DevTools listening on (ws:\/\/\S+)/.exec(seen);
      if (match?.[1] === undefined) return;
      child.off('exit', onExit);
      seen = ' '.repeat(100_001);
      resolve(match[1]);
    });
  });
}
