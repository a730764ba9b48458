import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { serveFolder } from './serve-folder.ts';

/**
 * Pictures of the drawn console: `node test/renderer/dev/shoot.ts BUILT_DIR PICTURES_DIR NAME=QUERY[;STEP…] …`
 * A step: `press:Control+k`, `click:Por enviar`, `type:texto`, `wait:300`, `size:1024x768`, `test:css selector`.
 */
const [built = '', pictures = '', ...shots] = process.argv.slice(2);
const server = await serveFolder(built);

async function step(page: Page, text: string): Promise<void> {
  const [verb = '', ...rest] = text.split(':');
  const value = rest.join(':');
  if (verb === 'press') await page.keyboard.press(value);
  else if (verb === 'type') await page.keyboard.type(value, { delay: 5 });
  else if (verb === 'click') await page.getByText(value, { exact: false }).first().click({ timeout: 3_000 });
  else if (verb === 'button') await page.getByRole('button', { name: value }).first().click({ timeout: 3_000 });
  else if (verb === 'css') await page.locator(value).first().click({ timeout: 3_000 });
  else if (verb === 'size') {
    const [width, height] = value.split('x').map(Number);
    await page.setViewportSize({ width: width ?? 1440, height: height ?? 900 });
  }
  await page.waitForTimeout(verb === 'wait' ? Number(value) : 120);
}

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const shot of shots) {
    const [name = '', ...parts] = shot.split('=');
    const [query = '', ...steps] = parts.join('=').split(';');
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      timezoneId: 'America/Lima',
      locale: 'es-PE',
    });
    page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`));
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.goto(`${server.url}/?${query}`);
    await page.waitForTimeout(500);
    for (const each of steps)
      await step(page, each).catch((error: unknown) =>
        console.error(`${name}: ${each}: ${String(error).slice(0, 200)}`),
      );
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (wide) console.error(`${name}: overflows`);
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
