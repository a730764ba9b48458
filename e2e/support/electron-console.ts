import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { connectWindow } from '../../test/electron-standin/connect.ts';
import { launchElectronStandin, type Standin } from '../../test/electron-standin/launch.ts';
import type { ConsoleOptions, ConsoleWindow } from './console-window.ts';

const mainEntry = join(import.meta.dirname, '..', '..', 'out', 'main', 'index.js');

/** The built main, preload and renderer, under the stand-in for Electron's glue. */
export async function openElectronConsole(options: ConsoleOptions): Promise<ConsoleWindow & { app(): Standin }> {
  let app: Standin | null = null;
  let browser: Browser | null = null;
  const launched: { subject: string; content: string | null }[] = [];

  const start = async () => {
    app = await launchElectronStandin({
      mainEntry,
      chromiumPath: options.chromiumPath,
      userDataDir: join(options.folder, 'electron'),
      locale: options.locale,
      env: { CHASQUI_STORE_URL: options.storeUrl, CHASQUI_DATA_DIR: join(options.folder, 'data') },
    });
    const connected = await connectWindow(app);
    browser = connected.browser;
    await connected.page.setViewportSize({ width: 1440, height: 900 });
    await connected.page.emulateMedia({ colorScheme: options.colorScheme });
    return connected.page;
  };
  const collect = () => {
    for (const { data } of app?.records('shell.openExternal') ?? [])
      launched.push({ subject: String(data['url']), content: null });
  };
  const end = async (how: 'kill' | 'close') => {
    collect();
    await browser?.close().catch(() => undefined);
    browser = null;
    await app?.[how]();
    app = null;
  };
  const console = {
    page: await start(),
    kill: () => end('kill'),
    quit: () => end('close'),
    close: () => end('close'),
    reopen: async () => {
      console.page = await start();
    },
    launches: async () => {
      const now = (app?.records('shell.openExternal') ?? []).map(({ data }) => ({
        subject: String(data['url']),
        content: null,
      }));
      return [...launched, ...now];
    },
    app: () => {
      if (app === null) throw new Error('the app is not running');
      return app;
    },
  };
  return console;
}
