import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import type { ConsoleOptions, ConsoleWindow } from './console-window.ts';
import { type Desk, openDesk, trialPassword } from './desk.ts';
import { openElectronConsole } from './electron-console.ts';
import { openPortableConsole } from './portable-console.ts';

/** `storeUrl`: another address for the store than the desk's own, such as a line that can be cut. */
export type OpenConsole = (
  options?: Partial<Pick<ConsoleOptions, 'storeUrl' | 'locale' | 'colorScheme' | 'clockOffsetMs'>>,
) => Promise<ConsoleWindow>;

/** Every spec gets a store of its own and opens as many consoles as it needs, on the project's host. */
export const test = base.extend<{ desk: Desk; openConsole: OpenConsole }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that a fixture needs from this pattern
  desk: async ({}, use) => {
    const { desk, close } = await openDesk();
    await use(desk);
    await close();
  },
  openConsole: async ({ desk, browser }, use, info) => {
    const opened: { console: ConsoleWindow; folder: string }[] = [];
    await use(async (wanted = {}) => {
      const folder = await mkdtemp(join(tmpdir(), 'chasqui-e2e-console-'));
      const options: ConsoleOptions = {
        storeUrl: desk.url,
        folder,
        chromiumPath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
        locale: 'es-PE',
        colorScheme: 'light',
        clockOffsetMs: 0,
        ...wanted,
      };
      const console =
        info.project.name === 'electron'
          ? await openElectronConsole(options)
          : await openPortableConsole(browser, options);
      opened.push({ console, folder });
      return console;
    });
    for (const { console, folder } of opened) {
      await console.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
});
export { expect };

/** Signs in and waits for the queue to be there, up to date. */
export async function signIn(page: Page, user: string): Promise<void> {
  await page.getByLabel('Usuario').fill(user);
  await page.getByLabel('Contraseña').fill(trialPassword);
  await page.getByRole('button', { name: 'Entrar' }).click();
  // Exactly: while it fills, the pill says «Poniéndose al día».
  await expect(page.getByTestId('connection-pill')).toHaveText('Al día', { timeout: 90_000 });
}
