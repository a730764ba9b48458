import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { firstJsonLine } from '../e2e/support/json-line.ts';
import { atMost, type BenchReport, median, round } from './support/figures.ts';

const ROUNDS = 3;
const root = join(import.meta.dirname, '..');
const readySchema = z.object({
  console: z.object({ url: z.string() }),
  accounts: z.array(z.object({ user: z.string(), password: z.string() })),
});

/** The second `npm start` on a folder: from the command to a queue with rows on the screen of a real Chromium. */
export async function benchStart(): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-bench-start-'));
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const firstMs = await oneStart(browser, folder, true);
    const samples: number[] = [];
    for (let i = 0; i < ROUNDS; i++) samples.push(await oneStart(browser, folder, false));
    const worst = Math.max(...samples);
    return {
      bench: 'start',
      figures: { firstStartMs: round(firstMs), secondStartMs: samples.map(round), medianMs: round(median(samples)) },
      targets: [atMost('second start to a usable queue, worst, in ms', worst, 5_000)],
    };
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function oneStart(browser: Browser, folder: string, signIn: boolean): Promise<number> {
  const began = performance.now();
  const args = ['start', '--', '--portable', '--no-open', '--json', '--data', folder, '--port', '0'];
  const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const { console, accounts } = readySchema.parse(await firstJsonLine(child));
    const page = await browser.newPage({ locale: 'es-PE' });
    await page.goto(console.url);
    const account = accounts[0];
    if (signIn && account !== undefined) await enter(page, account);
    await page.getByRole('row').nth(3).waitFor({ timeout: 60_000 });
    const ms = performance.now() - began;
    await page.close();
    return ms;
  } finally {
    await end(child);
  }
}

async function enter(page: Page, account: { user: string; password: string }): Promise<void> {
  await page.getByLabel('Usuario').fill(account.user);
  await page.getByLabel('Contraseña').fill(account.password);
  await page.getByRole('button', { name: 'Entrar' }).click();
}

/** npm passes nothing on: the launcher notices that it is gone, and ends with all that is its own. */
async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}
