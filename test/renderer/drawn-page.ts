import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { serveFolder } from './dev/serve-folder.ts';

const drawn = inject('drawn');
export const withoutChromium = drawn === null;

export interface DrawnPage {
  /** The screens from their beginning, over a console drawn as the query says. */
  open(query: string, width?: number, height?: number): Promise<Page>;
}

/**
 * One page of a real Chromium for the tests of a describe, loaded anew by each: what a test leaves is in the memory of the page it
 * leaves, which is why nothing may lie in the browser's storage. A page and a process of its own for each test would be most of
 * what these tests cost. Fails a test whose page complained.
 */
export function useDrawnPage(): DrawnPage {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let page: Page | null = null;
  const complaints: string[] = [];

  beforeAll(async () => {
    if (drawn === null) return;
    server = await serveFolder(drawn.folder);
    browser = await chromium.launch({
      executablePath: drawn.chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  afterEach(async () => {
    const kept = await page?.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
    await page?.mouse.move(0, 0);
    await page?.goto('about:blank');
    expect(complaints.splice(0)).toEqual([]);
    expect(kept ?? 0).toBe(0);
  });

  async function newPage(): Promise<Page> {
    const made = await browser.newPage({ locale: 'es-PE', timezoneId: 'America/Lima' });
    made.setDefaultTimeout(30_000);
    made.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    made.on('pageerror', (error) => complaints.push(error.message));
    return made;
  }

  return {
    async open(query, width = 1440, height = 900) {
      page ??= await newPage();
      await page.setViewportSize({ width, height });
      await page.goto(`${server.url}/?${query}`);
      await page.locator('main').waitFor();
      return page;
    },
  };
}
