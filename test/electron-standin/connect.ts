import { type Browser, chromium, type Page } from '@playwright/test';
import type { Standin } from './launch.ts';

/** Attaches Playwright to the app's Chromium and waits for its first window to show a page of the app's own scheme. */
export async function connectWindow(app: Standin, timeoutMs = 30_000): Promise<{ browser: Browser; page: Page }> {
  const browser = await chromium.connectOverCDP(app.cdpEndpoint);
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const pages = browser.contexts().flatMap((context) => context.pages());
    const page = pages.find((candidate) => URL.canParse(candidate.url()) && isOwn(new URL(candidate.url())));
    if (page !== undefined) return { browser, page };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await browser.close();
  throw new Error(`electron-standin: no window in ${timeoutMs} ms\n${app.output().slice(-4000)}`);
}

const isOwn = (url: URL): boolean => url.hostname.endsWith('.electron-standin.invalid');
