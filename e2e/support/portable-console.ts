import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext } from '@playwright/test';
import { z } from 'zod';
import type { ConsoleOptions, ConsoleWindow, Launched } from './console-window.ts';
import { firstJsonLine } from './json-line.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'portable', 'main.ts');
const recorder = join(import.meta.dirname, 'record-launch.mjs');
const shiftedClock = join(import.meta.dirname, 'shifted-clock.mjs');
const readySchema = z.object({ console: z.object({ url: z.string() }) });
const launchedSchema = z.object({ subject: z.string(), content: z.string().nullable() });

export interface PortableWindow extends ConsoleWindow {
  /** Its process now. */
  pid(): number;
}

/** The portable host as `npm start` runs it, in a tab of a real Chromium. */
export async function openPortableConsole(browser: Browser, options: ConsoleOptions): Promise<PortableWindow> {
  const launchFile = join(options.folder, 'launched.jsonl');
  let child: ChildProcess | null = null;
  let context: BrowserContext | null = null;

  const start = async () => {
    const args = [
      main,
      '--store',
      options.storeUrl,
      '--data',
      join(options.folder, 'data'),
      '--port',
      '0',
      '--no-open',
      '--json',
    ];
    child = spawn(process.execPath, [...args, '--launcher', recorder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, CHASQUI_E2E_LAUNCHES: launchFile, ...clockEnv(options.clockOffsetMs) },
    });
    const { url } = readySchema.parse(await firstJsonLine(child)).console;
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: options.locale,
      colorScheme: options.colorScheme,
    });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    await context?.close();
    context = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    child = null;
  };
  const console: PortableWindow = {
    pid: () => child?.pid ?? -1,
    page: await start(),
    folder: options.folder,
    kill: () => end('SIGKILL'),
    quit: () => end('SIGTERM'),
    close: () => end('SIGTERM'),
    reopen: async () => {
      console.page = await start();
    },
    launches: () => readLaunches(launchFile),
  };
  return console;
}

/** Another clock than the test's own, by a module that is loaded before the console's. */
const clockEnv = (offsetMs: number): Record<string, string> =>
  offsetMs === 0
    ? {}
    : { NODE_OPTIONS: `--import=${pathToFileURL(shiftedClock).href}`, CHASQUI_E2E_CLOCK_OFFSET_MS: String(offsetMs) };

async function readLaunches(file: string): Promise<Launched[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => launchedSchema.parse(JSON.parse(line)));
}
