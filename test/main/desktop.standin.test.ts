import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectWindow } from '../electron-standin/connect.ts';
import { launchElectronStandin, runElectronStandin, type Standin } from '../electron-standin/launch.ts';

// The built desktop host, whole, under the stand-in for Electron. No store answers: the console starts all the same.
const mainEntry = join(import.meta.dirname, '../../out/main/index.js');
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const why = !existsSync(mainEntry)
  ? 'the desktop host is not built'
  : !existsSync(chromiumPath)
    ? 'no Chromium is here'
    : null;
const id = '0199a5b2-7c11-7d3e-8a54-5f0e9d3c2b1a';

describe.skipIf(why !== null)(`the built desktop host${why === null ? '' : ` (skipped: ${why})`}`, () => {
  let dir: string;
  let app: Standin;
  let browser: Browser;
  let page: Page;
  const options = () => ({
    mainEntry,
    chromiumPath,
    userDataDir: join(dir, 'unused'),
    env: { CHASQUI_STORE_URL: 'http://127.0.0.1:9', CHASQUI_DATA_DIR: dir },
  });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'chasqui-desktop-'));
    app = await launchElectronStandin(options());
    ({ browser, page } = await connectWindow(app));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await app?.kill();
    await rm(dir, { recursive: true, force: true });
  });

  test('nothing that main uses is missing or merely accepted', () => {
    expect(app.records('not-implemented')).toEqual([]);
    // Cannot happen, for the tag is off; refused all the same.
    expect(app.records('inert-listener').map((record) => record.data)).toEqual([
      { event: "webContents 'will-attach-webview'" },
    ]);
  });

  test('the page gets its console over the port and shows the way in', async () => {
    await page.getByRole('textbox').first().waitFor();
    expect(app.records('page-error')).toEqual([]);
    expect(app.records('page-log').filter((record) => record.data['source'] === 'security')).toEqual([]);
  });

  test('the page has no Node and one small bridge', async () => {
    const world = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      module: typeof Reflect.get(globalThis, 'module'),
      bridge: Object.keys(Reflect.get(globalThis, 'chasqui')),
    }));
    expect(world).toEqual({ require: 'undefined', process: 'undefined', module: 'undefined', bridge: ['requestPort'] });
  });

  test('threat 22: one channel, deaf to frames, foreign pages and a second asking', async () => {
    const channels = await app.call({ type: 'ipc-channels' });
    expect(channels).toMatchObject({ global: { handle: [], on: ['chasqui:port'] } });
    const before = app.output().split('refused a message').length;
    const frames = [
      { url: 'chasqui-app://console/', isMainFrame: true }, // this load has its port already
      { url: 'chasqui-app://console/', isMainFrame: false },
      { url: 'about:blank', isMainFrame: true },
      { url: 'https://evil.com/', isMainFrame: true },
      { url: 'chasqui-app://console.evil/', isMainFrame: true },
    ];
    for (const frame of frames) {
      for (const args of [[], ['x'.repeat(10_000_000)], [JSON.parse('{"__proto__":{"admin":true}}')]]) {
        await app.call({ type: 'ipc-send', channel: 'chasqui:port', args, frame });
      }
    }
    await vi.waitFor(() => expect(app.output().split('refused a message').length - before).toBe(frames.length * 3), {
      timeout: 20_000,
    });
  });

  test('the scheme answers raw paths from its folder only', async () => {
    for (const path of [
      '/../main/index.js',
      '/%2e%2e/main/index.js',
      '/..%5cmain%5cindex.js',
      '/assets/../../main/index.js',
      '/index.html%00',
    ]) {
      const answer = await app.call({ type: 'protocol-request', url: `chasqui-app://console${path}` });
      expect(answer, path).toMatchObject({ status: 404, body: '' });
    }
    expect(await app.call({ type: 'protocol-request', url: 'chasqui-app://console/', method: 'POST' })).toMatchObject({
      status: 405,
    });
    expect(await app.call({ type: 'protocol-request', url: 'chasqui-app://console/' })).toMatchObject({
      status: 200,
      headers: { 'content-security-policy': expect.stringContaining("default-src 'none'") },
    });
  });

  test('eval, inline script and remote images are refused by the page policy', async () => {
    const blocked = await page.evaluate(async () => {
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.pwned = 1';
      document.body.append(script);
      const image = new Image();
      image.src = 'https://evil.invalid/pixel.png';
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.invalid/';
      document.body.append(frame);
      await fetch('https://evil.invalid/').catch(() => {});
      // Each of the four is told in its own time.
      for (let turn = 0; turn < 1_000 && new Set(seen).size < 4; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      script.remove();
      frame.remove();
      return { seen: [...new Set(seen)].sort(), pwned: Reflect.get(window, 'pwned') };
    });
    expect(blocked.pwned).toBeUndefined();
    expect(blocked.seen).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem']);
  });

  test('no window is opened and no page left', async () => {
    const url = page.url();
    await page.evaluate(() => {
      window.open('https://evil.invalid/');
      window.open('file:///etc/passwd');
      location.href = 'https://evil.invalid/';
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.url()).toBe(url);
    expect(browser.contexts().flatMap((context) => context.pages())).toHaveLength(1);
    expect(app.records('shell.openExternal')).toEqual([]);
  });

  test('permissions: only copying', async () => {
    const origin = 'chasqui-app://console';
    const ask = (permission: string) => app.call({ type: 'permission', permission, origin });
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'display-capture',
      'openExternal',
      'usb',
    ]) {
      expect(await ask(permission), permission).not.toBe(true);
    }
    expect(await ask('clipboard-sanitized-write')).toBe(true);
    expect(
      await app.call({ type: 'permission', permission: 'clipboard-sanitized-write', origin: 'https://evil.com' }),
    ).not.toBe(true);
  });

  test('the tray says what waits and brings the window back', async () => {
    await app.waitForRecord('tray.setToolTip');
    await app.call({ type: 'window-close' });
    await app.waitForRecord('window.hide');
    const shown = app.records('window.show').length;
    await app.call({ type: 'menu-click', menu: 'tray', item: 'open' });
    await vi.waitFor(() => expect(app.records('window.show').length).toBeGreaterThan(shown), { timeout: 20_000 });
    await app.call({ type: 'window-close' });
    await app.call({ type: 'tray-event', event: 'click' });
    await vi.waitFor(() => expect(app.records('window.show').length).toBeGreaterThan(shown + 1), { timeout: 20_000 });
  });

  test('a second start ends itself and brings the first forward, with its ticket', async () => {
    await app.call({ type: 'window-close' });
    const shown = app.records('window.show').length;
    const second = await runElectronStandin({ ...options(), args: ['--', `chasqui://ticket/${id}`] });
    expect([second.code, second.orphans]).toEqual([0, 0]);
    await vi.waitFor(() => expect(app.records('window.show').length).toBeGreaterThan(shown), { timeout: 20_000 });
  });

  test('threat 20: a hostile link only shows the window', async () => {
    const before = browser.contexts().flatMap((context) => context.pages()).length;
    for (const url of [
      `chasqui://ticket/${id} --inspect`,
      'chasqui://sign-out',
      `chasqui://ticket/${'a'.repeat(100_000)}`,
      'file:///etc/passwd',
    ]) {
      await app.call({ type: 'open-url', url });
      await app.call({ type: 'second-instance', argv: ['chasqui', '--inspect=0.0.0.0', url] });
    }
    expect(browser.contexts().flatMap((context) => context.pages())).toHaveLength(before);
    expect(app.records('shell.openExternal')).toEqual([]);
    expect(app.records('not-implemented')).toEqual([]);
  });

  test('a reload gets a new port', async () => {
    await page.reload();
    await page.getByRole('textbox').first().waitFor();
  });

  test('when the console process dies it is started again and the page with it', async () => {
    const spawned = app.records('utility.spawn');
    process.kill(Number(spawned.at(-1)?.data['pid']), 'SIGKILL');
    await vi.waitFor(() => expect(app.records('utility.spawn')).toHaveLength(spawned.length + 1), { timeout: 45_000 });
    await page.waitForLoadState();
    await page.getByRole('textbox').first().waitFor();
  });

  test('quitting stops the console and leaves no process', async () => {
    const exit = await app.close();
    expect([exit.code, exit.orphans]).toEqual([0, 0]);
    expect(app.records('utility.exit').at(-1)).toMatchObject({ data: { signal: expect.anything() } });
    expect(app.records('not-implemented')).toEqual([]);
  });
});
