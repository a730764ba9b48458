import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withHostMethods } from '../console-process/host-methods.ts';
import { type ConsoleProcess, spawnConsole } from '../console-process/spawn-console.ts';
import { startFailureCode, startFailureSentence } from '../console-process/start-failure.ts';
import type { LauncherPort } from '../core/ports/launcher.ts';
import type { LogPort } from '../core/ports/log.ts';
import { createFileKeySecrets } from '../platform-node/file-key-secrets.ts';
import { createLineLog } from '../platform-node/log.ts';
import { faultOf } from '../shared/fault.ts';
import { openAppWindow, removeOldPages } from './browser/app-window.ts';
import { findBrowser } from './browser/find-browser.ts';
import { createPortableHost, type PortableHost } from './create-portable-host.ts';
import type { Ending } from './ending.ts';
import { createLauncher } from './launcher.ts';
import type { RunOptions } from './options.ts';
import { removeRuntime, writeRuntime } from './runtime-file.ts';
import { productVersion } from './version.ts';
import { printAddress, say } from './words.ts';

/** Runs the console, its page and its socket until told to end. Returns the exit code. */
export async function serve(options: RunOptions, dir: string, ending: Ending): Promise<number> {
  const log = createLineLog('host', options.dataDir);
  log.write('info', 'started', {});
  const launcher = createLauncher({ dir, command: options.launcher });
  let consoleProcess: ConsoleProcess;
  try {
    consoleProcess = await startConsole(options, dir, launcher, log);
  } catch (error) {
    const sentence = startFailureSentence(startFailureCode(error), 'en');
    if (sentence === null) throw error;
    say(sentence);
    return 1;
  }
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
      onBug: (bug) => log.write('error', 'internalError', { error: faultOf(bug) }),
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
  await ending.told;
  await removeRuntime(dir, host.id);
  await host.close();
  await consoleProcess.stop();
  return 0;
}

const startConsole = (options: RunOptions, dir: string, launcher: LauncherPort, log: LogPort) =>
  spawnConsole({
    dataDir: options.dataDir,
    storeUrl: options.storeUrl,
    engineEntry: new URL('../console-process/engine-entry.ts', import.meta.url),
    readerEntry: new URL('../console-process/reader-entry.ts', import.meta.url),
    pagesEntry: new URL('../console-process/pages-entry.ts', import.meta.url),
    launcher,
    secrets: createFileKeySecrets(join(dir, 'secrets.key')),
    onFatal(error) {
      log.write('error', 'coreEnded', { error: faultOf(error) });
      say('the console ended: an error of its own; its log says more');
      process.exit(70);
    },
  });

/** The queue goes on being sent when the window is closed: only the window belongs to the browser. */
async function showWindow(options: RunOptions, dir: string, url: string): Promise<void> {
  const browser = options.browser ?? (await findBrowser());
  if (browser !== null && (await openAppWindow(browser, url, dir))) return;
  say(
    'no Chromium, Chrome or Edge was found to open the window with: open the address above in one, or name it by --browser',
  );
}

function startFailure(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; give another --port, or 0 for any free one`;
  if (code === 'EACCES')
    return `port ${port} may not be used by this account; give another --port, or 0 for any free one`;
  if (code === 'ENOENT') return 'the console page is not built: run the build first';
  return `the console could not start: ${error instanceof Error ? error.message : String(error)}`;
}
