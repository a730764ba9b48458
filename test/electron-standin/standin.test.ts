import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectWindow } from './connect.ts';
import { launchElectronStandin, runElectronStandin, type Standin } from './launch.ts';
import { createGroup } from './process-group.ts';

const mainEntry = fileURLToPath(new URL('./fixtures/main.ts', import.meta.url));
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
// The test program provides a Chromium, or says why there is none.
const isThere = existsSync(chromiumPath);
const userDataDir = mkdtempSync(join(tmpdir(), 'standin-'));
let app: Standin;
let browser: Browser;
let page: Page;

type Api = {
  invoke(channel: string, value?: unknown): Promise<unknown>;
  send(channel: string): void;
  give(): Promise<unknown>;
  add(a: number, b: number): number;
  fail(): void;
  onSecond(call: (arg: string) => void): void;
  facts: object;
};
type FixtureWindow = { fixture: Api; ports: MessagePort[]; got: unknown[] };

/** Runs in the page, whose window has the API that the preload exposed. */
function inPage<T>(run: (window: FixtureWindow) => T | Promise<T>): Promise<T> {
  return page.evaluate(`(${run})(window)`) as Promise<T>;
}

beforeAll(async () => {
  if (!isThere) return;
  app = await launchElectronStandin({ mainEntry, chromiumPath, userDataDir });
  ({ browser, page } = await connectWindow(app));
  await page.waitForSelector('body[data-ready]');
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await app?.kill();
  rmSync(userDataDir, { recursive: true, force: true });
});

describe.skipIf(!isThere)('the page', () => {
  test('is the built file behind the custom scheme, with no Node in it', async () => {
    expect(await page.getAttribute('body', 'data-ready')).toBe('undefinedundefined');
    expect(await inPage(() => [innerWidth, innerHeight])).toEqual([900, 600]);
    expect(app.records('not-implemented')).toEqual([]);
  });

  test('is held to the policy of the answer, and to what webRequest adds', async () => {
    const inline = await inPage(() => {
      const script = document.createElement('script');
      script.textContent = 'document.body.dataset.inline = "ran"';
      document.body.append(script);
      return document.body.dataset['inline'] ?? 'refused';
    });
    expect(inline).toBe('refused');
    expect(await inPage(async () => (await fetch('/page.js')).headers.get('x-fixture'))).toBe('seen');
    expect(await inPage(async () => (await fetch('/echo', { method: 'POST', body: 'ñ' })).text())).toBe('POST ñ');
  });

  test('has the permissions that main grants and no others', async () => {
    const state = (name: string) =>
      page.evaluate(`navigator.permissions.query({ name: '${name}' }).then((s) => s.state)`);
    expect(await state('notifications')).toBe('granted');
    expect(await state('geolocation')).toBe('denied');
  });
});

describe.skipIf(!isThere)('the preload', () => {
  test('crosses to the page by value, functions and errors included', async () => {
    expect(await inPage(({ fixture }) => fixture.add(2, 3))).toBe(5);
    expect(await inPage(({ fixture }) => fixture.facts)).toEqual({
      sandboxed: true,
      electron: '45.4.1',
      fs: 'module not found: fs',
    });
    expect(await inPage(({ fixture }) => Object.isFrozen(fixture) && Object.isFrozen(fixture.facts))).toBe(true);
    await expect(inPage(({ fixture }) => fixture.fail())).rejects.toThrow('from the preload');
  });

  test('invokes main, which sees the true scheme in senderFrame', async () => {
    const value = await inPage(({ fixture }) => fixture.invoke('whoami', { n: [1, undefined, new Date(5)] }));
    expect(value).toEqual({
      url: 'fixture://bundle/index.html',
      origin: 'fixture://bundle',
      same: true,
      value: { n: [1, undefined, new Date(5)] },
      sealed: 'ñandú',
    });
    const failure = "Error invoking remote method 'fails': RangeError: on purpose";
    await expect(inPage(({ fixture }) => fixture.invoke('fails'))).rejects.toThrow(failure);
    const none = "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'";
    await expect(inPage(({ fixture }) => fixture.invoke('nobody'))).rejects.toThrow(none);
  });

  test('gives main a port of its own, and a clone of a Map and a bigint survives both ways', async () => {
    const back = await inPage(async ({ fixture }) => {
      const { back } = (await fixture.give()) as { back: { deep: Map<string, bigint> } };
      return String(back.deep.get('a'));
    });
    expect(back).toBe('1');
  });
});

describe.skipIf(!isThere)('message ports', () => {
  test('carry from the page to a utility process with SQLite and back, in order', async () => {
    const got = await inPage(async (window) => {
      const port = await new Promise<MessagePort>((resolve) => {
        addEventListener('message', (event) => event.ports[0] && resolve(event.ports[0]), { once: true });
        window.fixture.send('port');
      });
      const answers: Array<{ row: { twice: number }; bytes: Uint8Array; argv: string }> = [];
      const began = performance.now();
      await new Promise<void>((resolve) => {
        port.onmessage = ({ data }) => {
          answers.push(data);
          if (answers.length === 200) resolve();
        };
        for (let n = 0; n < 200; n += 1) port.postMessage({ n });
      });
      const ms = performance.now() - began;
      const single = performance.now();
      await new Promise((resolve) => {
        port.onmessage = resolve;
        port.postMessage({ n: 1 });
      });
      return {
        twice: answers.map(({ row }) => row.twice),
        bytes: [...(answers[0]?.bytes ?? [])],
        argv: answers[0]?.argv,
        ms,
        single: performance.now() - single,
      };
    });
    expect(got.twice).toEqual(Array.from({ length: 200 }, (_, n) => n * 2));
    expect(got.bytes).toEqual([1, 2, 3]);
    expect(got.argv).toBe('--some');
    console.log(
      `200 round trips through a port to the utility process: ${Math.round(got.ms)} ms, one alone ${got.single.toFixed(1)} ms`,
    );
  });
});

describe.skipIf(!isThere)('what main refuses', () => {
  test('window.open is denied and answers null, with the URL put to main', async () => {
    expect(await page.evaluate(`window.open('https://example.invalid/x') === null`)).toBe(true);
    await app.waitForRecord('shell.openExternal', ({ data }) => data['url'] === 'https://example.invalid/x');
  });

  test('a link to another window is closed before it loads', async () => {
    const pages = browser.contexts()[0]?.pages().length;
    await page.click('#blank');
    const record = await app.waitForRecord(
      'window-open',
      ({ data }) => data['url'] === 'https://example.invalid/blank',
    );
    expect(record.data['action']).toBe('deny');
    await page.click('#away', { modifiers: ['Control'] });
    await app.waitForRecord('window-open', ({ data }) => data['url'] === 'https://example.invalid/');
    await expect.poll(() => browser.contexts()[0]?.pages().length).toBe(pages);
  });

  test('navigation to another site is prevented, and the page stays', async () => {
    await page.click('#away');
    const record = await app.waitForRecord('will-navigate', ({ data }) => data['url'] === 'https://example.invalid/');
    expect(record.data['prevented']).toBe(true);
    await page.click('#mail');
    await app.waitForRecord('will-navigate', ({ data }) => data['url'] === 'mailto:a@example.invalid');
    expect(await page.textContent('h1')).toBe('Fixture');
  });

  test('a frame inside the page has no bridge', async () => {
    const kinds = await inPage(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inner = frame.contentWindow;
      return [
        typeof (inner === null ? undefined : Reflect.get(inner, 'fixture')),
        typeof Reflect.get(window, 'fixture'),
      ];
    });
    expect(kinds).toEqual(['undefined', 'object']);
  });

  test('a download is put to main and cancelled', async () => {
    await inPage(() => {
      const link = document.createElement('a');
      link.href = '/page.js';
      link.download = 'x.js';
      link.click();
    });
    const { data } = await app.waitForRecord('will-download');
    expect(data).toMatchObject({ url: 'fixture://bundle/page.js', prevented: true });
  });

  test('a hostile frame can be played, and a raw path reaches the handler untidied', async () => {
    const frame = { url: 'https://evil.invalid/', isMainFrame: true };
    const answer = await app.call({ type: 'ipc-invoke', channel: 'whoami', args: [1], frame });
    expect(answer).toMatchObject({ ok: true, value: { url: 'https://evil.invalid/', same: false } });
    const refused = await app.call({ type: 'protocol-request', url: 'fixture://other/%2e%2e/x' });
    expect(refused).toMatchObject({ status: 403 });
  });
});

describe.skipIf(!isThere)('what main allows', () => {
  test('a window of its own is opened, and a page of its own is gone to', async () => {
    await page.evaluate(`window.open('/child.html', 'name', 'left=1')`);
    const { data } = await app.waitForRecord('did-navigate', (record) => record.data['id'] === 2);
    expect(data['url']).toBe('fixture://bundle/child.html');
    expect(app.records('BrowserWindow').at(-1)?.data).toMatchObject({ id: 2, options: { width: 300 } });
    await app.call({ type: 'window-close', windowId: 2 });
    await app.waitForRecord('window.closed', (record) => record.data['id'] === 2);

    await page.evaluate(`location.assign('/child.html#there')`);
    await page.waitForSelector('p');
    expect(await app.call({ type: 'window-state' })).toMatchObject([{ url: 'fixture://bundle/child.html#there' }]);
    await page.goBack();
    await page.waitForSelector('body[data-ready]');
    expect(await inPage(({ fixture }) => fixture.add(1, 1))).toBe(2);
  });
});

describe.skipIf(!isThere)('the desktop', () => {
  test('tray, notification, badge and protocol are recorded, and a click comes back', async () => {
    await app.call({ type: 'window-close' });
    expect(await app.call({ type: 'window-state' })).toMatchObject([{ visible: false }]);
    await inPage(({ fixture }) => fixture.send('desktop'));
    const { data } = await app.waitForRecord('notification');
    expect(data).toMatchObject({ title: 'Aviso', body: 'Llegó un caso' });
    expect(await app.call({ type: 'notification-event', event: 'click' })).toBe(true);
    expect(await app.call({ type: 'window-state' })).toMatchObject([
      { visible: true, focused: true, url: 'fixture://bundle/index.html' },
    ]);
    expect(app.records('app.setBadgeCount').at(-1)?.data).toEqual({ count: 4 });
    expect(app.records('app.setAsDefaultProtocolClient')[0]?.data).toMatchObject({ scheme: 'fixture-link' });
    expect(app.records('tray.setToolTip')[0]?.data).toEqual({ text: 'Fixture' });
  });

  test('a second start ends itself and reaches the first with its arguments', async () => {
    await inPage((window) => {
      window.got = [];
      window.fixture.onSecond((arg) => window.got.push(arg));
    });
    const second = await runElectronStandin({
      mainEntry,
      chromiumPath,
      userDataDir,
      args: ['fixture-link://ticket/7'],
    });
    expect(second.code).toBe(3);
    await expect.poll(() => inPage((window) => window.got)).toEqual(['fixture-link://ticket/7']);
  });

  test('what is not there is reported by name, never accepted', async () => {
    await inPage(({ fixture }) => fixture.send('missing'));
    const record = await app.waitForRecord('not-implemented');
    expect(record.data['api']).toBe('app.getGPUInfo');
    const { data } = await app.waitForRecord('uncaught-exception');
    expect(data['error']).toMatchObject({ message: 'electron-standin: app.getGPUInfo is not implemented' });
  });
});

describe.skipIf(!isThere)('the end', { timeout: 60_000 }, () => {
  test('choosing quit in the tray ends everything in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'standin-'));
    const began = performance.now();
    const own = await launchElectronStandin({ mainEntry, chromiumPath, userDataDir: folder });
    await own.waitForRecord('window.show');
    console.log(`launch to a shown window: ${Math.round(performance.now() - began)} ms`);
    await own.call({ type: 'menu-click', menu: 'tray', item: 'quit' }).catch(() => {});
    expect(await own.exited).toEqual({ code: 0, signal: null, orphans: 0 });
    const order = own
      .records()
      .map(({ kind }) => kind)
      .filter((kind) => /quit|closed|window.close/.test(kind));
    expect(order).toEqual(['before-quit', 'window.close', 'window.closed', 'will-quit', 'quit']);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a crash of main takes its browser and its workers with it, and the next start works', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'standin-'));
    for (const turn of [1, 2]) {
      const own = await launchElectronStandin({ mainEntry, chromiumPath, userDataDir: folder });
      await own.waitForRecord('window.show');
      expect(createGroup(own.pid).members().length).toBeGreaterThan(3);
      const exit = await (turn === 1 ? own.crash() : own.kill());
      expect(exit).toEqual({ code: null, signal: 'SIGKILL', orphans: 0 });
      expect(createGroup(own.pid).members()).toEqual([]);
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
