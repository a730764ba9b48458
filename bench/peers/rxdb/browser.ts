import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { ensureChromium } from '../../../tools/chromium.ts';

export interface PeerPage {
  readonly page: Page;
  call(method: string, params?: unknown): Promise<unknown>;
  /** SIGKILL to the browser: nothing is flushed. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..', '..');

/** A Chromium on a profile folder of its own, so that IndexedDB is on the disk, with the page of the peer open. */
export async function openPeerPage(profile: string, url: string): Promise<PeerPage> {
  const found = await ensureChromium(root);
  if (!('path' in found)) throw new Error(found.why);
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: found.path,
    args: ['--disable-gpu', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${url}/page/index.html`);
  await page.waitForFunction(() => Reflect.has(globalThis, 'peer'));
  return {
    page,
    call: (method, params) =>
      page.evaluate(
        ([name, value]) => {
          const peer: Record<string, (value: unknown) => unknown> = Reflect.get(globalThis, 'peer');
          return peer[String(name)]?.(value);
        },
        [method, params] as const,
      ),
    async kill() {
      const ended = new Promise((resolve) => context.once('close', resolve));
      // Chromium's own mark of who holds the profile: a link named host-pid.
      process.kill(Number(readlinkSync(join(profile, 'SingletonLock')).split('-').at(-1)), 'SIGKILL');
      await ended;
    },
    close: () => context.close(),
  };
}
