import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { connectWindow } from '../../test/electron-standin/connect.ts';
import { launchElectronStandin, runElectronStandin, type Standin } from '../../test/electron-standin/launch.ts';
import { type ElectronChoice, resolveElectron } from '../../test/electron-standin/resolve-electron.ts';
import type { ConsoleOptions, ConsoleWindow, Launched } from './console-window.ts';
import { openRealElectronConsole } from './real-electron-console.ts';

const root = join(import.meta.dirname, '..', '..');
export const electronChoice: ElectronChoice = resolveElectron(root);

/** The built main, preload and renderer: in Electron where its binary is, else under the stand-in for its glue. */
export async function openElectronConsole(options: ConsoleOptions): Promise<ConsoleWindow> {
  return electronChoice.kind === 'real'
    ? openRealElectronConsole(electronChoice, root, options)
    : openStandinConsole(options);
}

/** What only the stand-in can play and tell: tray, notifications, links, frames that lie. */
export interface Desktop {
  app(): Standin;
  /** Starts the same app again on the same folder; it is expected to end by itself. */
  secondStart(...args: string[]): ReturnType<typeof runElectronStandin>;
}
const desktops = new WeakMap<ConsoleWindow, Desktop>();

export function desktopOf(console: ConsoleWindow): Desktop {
  const desktop = desktops.get(console);
  if (desktop === undefined) throw new Error('this console has no stand-in');
  return desktop;
}

const electronArgs = (options: ConsoleOptions) => ({
  mainEntry: join(root, 'out', 'main', 'index.js'),
  chromiumPath: options.chromiumPath,
  userDataDir: join(options.folder, 'electron'),
  locale: options.locale,
  env: { CHASQUI_STORE_URL: options.storeUrl, CHASQUI_DATA_DIR: join(options.folder, 'data') },
});

async function openStandinConsole(options: ConsoleOptions): Promise<ConsoleWindow> {
  let app: Standin | null = null;
  let browser: Browser | null = null;
  const launched: Launched[] = [];

  const start = async () => {
    app = await launchElectronStandin(electronArgs(options));
    const connected = await connectWindow(app);
    browser = connected.browser;
    await connected.page.setViewportSize({ width: 1440, height: 900 });
    await connected.page.emulateMedia({ colorScheme: options.colorScheme });
    return connected.page;
  };
  const launchesNow = (): Launched[] =>
    (app?.records('shell.openExternal') ?? []).map(({ data }) => ({ subject: String(data['url']), content: null }));
  const end = async (how: 'kill' | 'close') => {
    launched.push(...launchesNow());
    await browser?.close().catch(() => undefined);
    browser = null;
    await app?.[how]();
    app = null;
  };
  const console: ConsoleWindow = {
    page: await start(),
    folder: options.folder,
    kill: () => end('kill'),
    quit: () => end('close'),
    close: () => end('close'),
    reopen: async () => {
      console.page = await start();
    },
    launches: async () => [...launched, ...launchesNow()],
  };
  desktops.set(console, {
    app: () => {
      if (app === null) throw new Error('the app is not running');
      return app;
    },
    secondStart: (...args) => runElectronStandin({ ...electronArgs(options), args }),
  });
  return console;
}
