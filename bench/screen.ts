import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import { pill, rows } from '../e2e/support/acts.ts';
import { openPortableConsole } from '../e2e/support/portable-console.ts';
import { openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, percentile, round } from './support/figures.ts';
import { shapeOfFill } from './support/generated-desk.ts';
import { loadGenerated } from './support/load-generated.ts';
import { mainThreadOf, TRACED } from './support/main-thread.ts';
import { peakMemoryMb } from './support/peak-memory.ts';

const SEED = 20_261_123;
const FRAME_MS = 16;

/**
 * What a first fill does to the screen of a person who goes on working: a real Chromium on the portable console, which moves through the
 * queue, searches and opens tickets while rows come in. Every task of the page's main thread, by Chromium's own trace, from the first
 * rows on the screen to "al día": as long as it took, and as long as the thread itself ran, which is what a busy machine leaves of it;
 * and the memory of the console's process, whose two workers are the core and its reader.
 */
export async function benchScreen(options: { tickets: number }): Promise<BenchReport> {
  const desk = await openBenchDesk();
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const { deskId, personId } = await loadGenerated(desk.db, shapeOfFill(SEED, options.tickets));
    const account = await desk.addSupervisor(deskId, personId);
    const storeUrl = await desk.serve();
    const folder = join(desk.folder, 'console');
    await mkdir(folder);
    const window = await openPortableConsole(browser, {
      storeUrl,
      folder,
      chromiumPath: executablePath,
      locale: 'es-PE',
      colorScheme: 'light',
      clockOffsetMs: 0,
    });
    try {
      const { page } = window;
      await page.getByLabel('Usuario').fill(account.user);
      await page.getByLabel('Contraseña').fill(account.password);
      await page.getByRole('button', { name: 'Entrar' }).click();
      await rows(page).nth(3).waitFor({ timeout: 120_000 });
      await browser.startTracing(page, { categories: TRACED });
      const began = performance.now();
      const looks = await workUntilFilled(page);
      const fillMs = performance.now() - began;
      const { tasks, ran, spanMs } = mainThreadOf(await browser.stopTracing());
      if (looks === 0) throw new Error('the fill was over before anything could be done beside it: too few tickets');
      const long = tasks.filter((ms) => ms > FRAME_MS);
      const longest = Math.max(...tasks);
      return {
        bench: 'screen',
        figures: {
          tickets: options.tickets,
          tracedMs: round(spanMs),
          fillMs: round(fillMs),
          looksMeanwhile: looks,
          tasks: tasks.length,
          tasksOver16Ms: long.length,
          longestTaskMs: round(longest),
          p99TaskMs: round(percentile(tasks, 0.99)),
          tasksOver16MsOfThreadTime: ran.filter((ms) => ms > FRAME_MS).length,
          longestTaskMsOfThreadTime: round(Math.max(...ran)),
          p99TaskMsOfThreadTime: round(percentile(ran, 0.99)),
          longTasksMs: long
            .toSorted((a, b) => b - a)
            .slice(0, 20)
            .map(round),
          peakMemoryMb: round(await peakMemoryMb(window.pid())),
        },
        targets: [atMost('longest task of the page’s main thread during the fill, in ms', longest, FRAME_MS)],
      };
    } finally {
      await window.close();
    }
  } finally {
    await browser.close();
    await desk.close();
  }
}

/** Goes on as a person would until the console is up to date; the number of things done. */
async function workUntilFilled(page: Page): Promise<number> {
  const search = page.getByRole('searchbox', { name: 'Buscar' });
  let looks = 0;
  while (!/^Al día/u.test((await pill(page).textContent()) ?? '')) {
    looks += 1;
    if (looks % 3 === 0)
      await rows(page)
        .nth(looks % 5)
        .click();
    else if (looks % 3 === 1)
      await page
        .getByRole('grid')
        .hover()
        .then(() => page.mouse.wheel(0, 600));
    else await search.fill(['correo', 'impresora', ''][Math.floor(looks / 3) % 3] ?? '');
    await page.waitForTimeout(150);
  }
  await expect(pill(page)).toHaveText(/^Al día/u);
  return looks;
}
