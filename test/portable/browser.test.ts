import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appWindowArgs, openAppWindow, redirectPage, removeOldPages } from '../../src/portable/browser/app-window.ts';
import { appPathRoots, browserCandidates, parseRegistryValue } from '../../src/portable/browser/detect.ts';

const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
const chrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
const windowsEnv = {
  'ProgramFiles(x86)': 'C:\\Program Files (x86)',
  ProgramFiles: 'C:\\Program Files',
  LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local',
};

describe('browser of this PC', () => {
  test('Windows: App Paths first, Edge before Chrome, then the usual folders, each once', () => {
    const own = 'D:\\Edge\\msedge.exe';
    expect(
      browserCandidates({ platform: 'win32', env: windowsEnv, appPaths: { 'chrome.exe': chrome, 'msedge.exe': own } }),
    ).toEqual([
      own,
      chrome,
      edge,
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
      'C:\\Users\\ana\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe',
      'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Users\\ana\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ]);
  });

  test('Windows: a path that is not absolute, and an empty environment, are nothing', () => {
    expect(browserCandidates({ platform: 'win32', env: {}, appPaths: { 'msedge.exe': 'msedge.exe' } })).toEqual([]);
  });

  test('macOS: the programs of all, then those of the person', () => {
    const found = browserCandidates({ platform: 'darwin', env: { HOME: '/Users/ana' }, appPaths: {} });
    expect(found[0]).toBe('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    expect(found).toContain('/Users/ana/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge');
  });

  test('Linux: along the PATH, absolute folders only', () => {
    const found = browserCandidates({
      platform: 'linux',
      env: { PATH: '/usr/local/bin:.:bin:/usr/bin' },
      appPaths: {},
    });
    expect(found.slice(0, 2)).toEqual(['/usr/local/bin/microsoft-edge', '/usr/bin/microsoft-edge']);
    expect(found).toContain('/usr/bin/chromium');
    expect(found.every((path) => path.startsWith('/usr/'))).toBe(true);
    expect(browserCandidates({ platform: 'linux', env: {}, appPaths: {} })).toEqual([]);
  });

  const key = `${appPathRoots[1]}\\msedge.exe`;
  test.each([
    [`\r\n${key}\r\n    (Default)    REG_SZ    ${edge}\r\n\r\n`, edge],
    [`\r\n${key}\r\n    (Predeterminado)    REG_SZ    "${edge}"\r\n\r\n`, edge],
    [`${key}\n    (default)    REG_EXPAND_SZ    C:\\x y\\msedge.exe\n`, 'C:\\x y\\msedge.exe'],
    [`${key}\n    (Default)    REG_SZ    (value not set)\n`, '(value not set)'],
    [`${key}\n    (Default)    REG_SZ    \n`, null],
    ['ERROR: The system was unable to find the specified registry key or value.', null],
    ['', null],
  ])('reads what reg prints: %j', (text, value) => expect(parseRegistryValue(text)).toBe(value));
});

describe('threat 33: opening the window', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'chasqui-window-'));
  });
  afterEach(() => rm(dir, { recursive: true }));
  const url = 'http://abc.localhost:4000/launch#s3cret-token';

  test('no token in the arguments: the browser gets a 0600 page that goes on by itself', async () => {
    const browser = join(dir, 'browser.sh');
    await writeFile(
      browser,
      `#!/bin/sh\nprintf '%s\\n' "$@" > "${dir}/argv.new" && mv "${dir}/argv.new" "${dir}/argv"\n`,
    );
    await chmod(browser, 0o700);
    expect(await openAppWindow(browser, url, dir)).toBe(true);
    const argv = await vi.waitFor(() => readFile(join(dir, 'argv'), 'utf8'), { timeout: 20_000 });
    expect(argv).not.toContain('s3cret');
    const page = (await readdir(dir)).find((name) => name.startsWith('open-')) ?? '';
    expect(argv.split('\n')[0]).toBe(`--app=file://${join(dir, page)}`);
    expect(argv).toContain(`--user-data-dir=${join(dir, 'browser')}`);
    expect((await stat(join(dir, page))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dir, page), 'utf8')).toContain(`location.replace("${url}")`);
    await removeOldPages(dir);
    expect((await readdir(dir)).filter((name) => name.startsWith('open-'))).toEqual([]);
    expect(await readdir(dir)).toContain('argv');
  });

  test('a browser that cannot be started is an answer', async () => {
    expect(await openAppWindow(join(dir, 'nothing'), url, dir)).toBe(false);
  });

  test('the page cannot be broken out of by its address', () => {
    expect(redirectPage('http://x/</script><script>alert(1)//"')).not.toContain('</script><script>alert');
  });

  test('the sandbox is given up for root only', () => {
    expect(appWindowArgs('/d/p.html', '/d/b', false)).not.toContain('--no-sandbox');
    expect(appWindowArgs('/d/p.html', '/d/b', true)).toContain('--no-sandbox');
  });
});
