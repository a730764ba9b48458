import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import type { ElectronChoice } from '../../test/electron-standin/resolve-electron.ts';
import type { ConsoleOptions, ConsoleWindow, Launched } from './console-window.ts';

/** The same console in Electron itself. Nothing that main would launch leaves: its shell writes it down instead. */
export async function openRealElectronConsole(
  choice: Extract<ElectronChoice, { kind: 'real' }>,
  root: string,
  options: ConsoleOptions,
): Promise<ConsoleWindow> {
  let app: ElectronApplication | null = null;
  const launched: Launched[] = [];

  const start = async () => {
    app = await _electron.launch({
      executablePath: choice.path,
      args: [...choice.args, `--user-data-dir=${join(options.folder, 'electron')}`, `--lang=${options.locale}`, root],
      env: {
        ...Object.fromEntries(
          Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
        ),
        CHASQUI_STORE_URL: options.storeUrl,
        CHASQUI_DATA_DIR: join(options.folder, 'data'),
      },
    });
    await app.evaluate(({ shell }) => {
      const subjects: string[] = [];
      Reflect.set(globalThis, 'e2eLaunches', subjects);
      shell.openExternal = async (url) => void subjects.push(url);
      shell.openPath = async (path) => {
        subjects.push(path);
        return '';
      };
    });
    const page = await app.firstWindow();
    await page.emulateMedia({ colorScheme: options.colorScheme });
    return page;
  };
  const launchesNow = async (): Promise<Launched[]> => {
    const subjects = (await app?.evaluate(() => Reflect.get(globalThis, 'e2eLaunches'))) ?? [];
    return Array.isArray(subjects) ? subjects.map((subject) => ({ subject: String(subject), content: null })) : [];
  };
  const end = async (how: 'kill' | 'close') => {
    if (app === null) return;
    launched.push(...(await launchesNow()));
    if (how === 'kill') {
      const closed = app.waitForEvent('close');
      app.process().kill('SIGKILL');
      await closed;
    } else {
      const closed = app.waitForEvent('close');
      await app.evaluate(({ app: running }) => running.quit());
      await closed;
    }
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
    launches: async () => [...launched, ...(await launchesNow())],
  };
  return console;
}
