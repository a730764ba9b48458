import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withHostMethods } from '../console-process/host-methods.ts';
import { spawnConsole } from '../console-process/spawn-console.ts';
import { createFileKeySecrets } from '../platform-node/file-key-secrets.ts';
import { openAppWindow, removeOldPages } from './browser/app-window.ts';
import { findBrowser } from './browser/find-browser.ts';
import { createPortableHost, type PortableHost } from './create-portable-host.ts';
import { untilToldToEnd } from './ending.ts';
import { createLauncher } from './launcher.ts';
import type { PortableOptions } from './options.ts';
import { askRunning } from './running-console.ts';
import { removeRuntime, writeRuntime } from './runtime-file.ts';
import { productVersion } from './version.ts';

type RunOptions = Extract<PortableOptions, { command: 'run' }>;
type LinkOptions = Extract<PortableOptions, { command: 'link' }>;

const say = (sentence: string) => process.stderr.write(`chasqui: ${sentence}\n`);

/** Prints another one-time address of the running console. Returns the exit code. */
export async function printLink(options: LinkOptions, dir: string): Promise<number> {
  const found = await askRunning(dir, 'link');
  if (found.kind === 'running') {
    printAddress(found.url, options.json);
    return 0;
  }
  say(found.kind === 'none' ? 'no console runs on that folder' : impostorSentence(found.port));
  return 1;
}

/** Runs the console until it is told to end, or shows the one that runs already. Returns the exit code. */
export async function runPortable(options: RunOptions, dir: string): Promise<number> {
  await chmod(dir, 0o700);
  const found = await askRunning(dir, options.open ? 'show' : 'link');
  if (found.kind === 'running') {
    say('this folder has a console running already; it was asked for a window');
    printAddress(found.url, options.json);
    // A program that reads the address counts on a process to end; this one owns nothing.
    if (options.json) await untilToldToEnd();
    return 0;
  }
  if (found.kind === 'impostor') {
    say(impostorSentence(found.port));
    if (found.port === options.port) return 1;
  }
  return serve(options, dir);
}

async function serve(options: RunOptions, dir: string): Promise<number> {
  const launcher = createLauncher({ dir, command: options.launcher });
  const ending = untilToldToEnd();
  const consoleProcess = await spawnConsole({
    dataDir: options.dataDir,
    storeUrl: options.storeUrl,
    engineEntry: new URL('../console-process/engine-entry.ts', import.meta.url),
    readerEntry: new URL('../console-process/reader-entry.ts', import.meta.url),
    launcher,
    secrets: createFileKeySecrets(join(dir, 'secrets.key')),
    onFatal(error) {
      say(`the console's core ended: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(70);
    },
  });
  const version = productVersion();
  const target = withHostMethods(consoleProcess, {
    info: () => ({ host: 'portable', version, platform: process.platform, updateReady: null }),
    openExternal: launcher.openExternal,
  });
  let host: PortableHost;
  try {
    host = await createPortableHost({
      target,
      rendererDir: fileURLToPath(new URL('../../out/renderer', import.meta.url)),
      port: options.port,
      onShow: (url) => void showWindow(options, dir, url),
      onBug: (bug) => say(`internal error: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}`),
    });
  } catch (error) {
    await consoleProcess.stop();
    say(startFailure(error, options.port));
    return 1;
  }
  await writeRuntime(dir, { pid: process.pid, port: host.port, id: host.id, secret: host.secret });
  await removeOldPages(dir);
  printAddress(host.link(), options.json);
  if (options.open) await showWindow(options, dir, host.link());
  await ending;
  await removeRuntime(dir, host.id);
  await host.close();
  await consoleProcess.stop();
  return 0;
}

/** The queue goes on being sent when the window is closed: only the window belongs to the browser. */
async function showWindow(options: RunOptions, dir: string, url: string): Promise<void> {
  const browser = options.browser ?? (await findBrowser());
  if (browser !== null && (await openAppWindow(browser, url, dir))) return;
  say(
    'no Chromium, Chrome or Edge was found to open the window with: open the address above in one, or name it by --browser',
  );
}

function printAddress(url: string, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify({ console: { url } }) : url}\n`);
}

const impostorSentence = (port: number) =>
  `port ${port}, where this folder's console was, is answered by a program that is not it; nothing was sent to it`;

function startFailure(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; give another --port, or 0 for any free one`;
  if (code === 'EACCES')
    return `port ${port} may not be used by this account; give another --port, or 0 for any free one`;
  if (code === 'ENOENT') return 'the console page is not built: run the build first';
  return `the console could not start: ${error instanceof Error ? error.message : String(error)}`;
}
