import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isOurPage } from '../../src/main/guard.ts';
import { isGranted } from '../../src/main/permissions.ts';
import { PAGE_URL, schemePrivileges } from '../../src/main/scheme.ts';
import { windowOptions } from '../../src/main/window.ts';
import { pageHeaders } from '../../src/protocol/console/page-policy.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const preferences = windowOptions('/p.cjs', '/i.png', false).webPreferences ?? {};
/** Code of the desktop host without its comments. */
const mainSource = globSync('src/{main,preload}/**/*.ts', { cwd: root })
  .map((path) => read(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))
  .join('\n');

type Item = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20;

/**
 * The twenty items of docs/tutorial/security.md, in its order. The type makes an item without a proof an error. Where the
 * built program must show it (13, 14, 15, 17), desktop.standin.test.ts does; here stands what can be read off.
 */
const checklist: Record<Item, readonly [title: string, prove: () => void]> = {
  1: [
    'only secure content is loaded',
    () => {
      expect(PAGE_URL).toBe('chasqui-app://console/');
      expect(schemePrivileges.privileges.secure).toBe(true);
      expect(mainSource.match(/\.load(URL|File)\(/g)).toEqual(['.loadURL(']);
      expect(mainSource).toContain('.loadURL(PAGE_URL)');
    },
  ],
  2: [
    'no Node in the page',
    () =>
      expect([
        preferences.nodeIntegration,
        preferences.nodeIntegrationInWorker,
        preferences.nodeIntegrationInSubFrames,
      ]).toEqual([false, false, false]),
  ],
  3: ['context isolation', () => expect(preferences.contextIsolation).toBe(true)],
  4: [
    'sandbox, for every renderer',
    () => {
      expect(preferences.sandbox).toBe(true);
      expect(mainSource).toContain('app.enableSandbox()');
    },
  ],
  5: [
    'permission requests are answered from a table',
    () => expect(isGranted('media', 'chasqui-app://console', true)).toBe(false),
  ],
  6: ['webSecurity stays on', () => expect(preferences.webSecurity).toBe(true)],
  7: [
    'a content security policy',
    () => expect(pageHeaders([])['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/),
  ],
  8: ['no insecure content', () => expect(preferences.allowRunningInsecureContent).toBe(false)],
  9: ['no experimental features', () => expect(preferences.experimentalFeatures).toBe(false)],
  10: [
    'no Blink features switched on',
    () => {
      expect(preferences.enableBlinkFeatures).toBeUndefined();
      expect(mainSource).not.toContain('appendSwitch');
    },
  ],
  11: ['no webview may open popups: there is no webview', () => expect(preferences.webviewTag).toBe(false)],
  12: [
    'a webview would be refused before it is made',
    () => expect(mainSource).toMatch(/'will-attach-webview', \(event\) => event\.preventDefault/),
  ],
  13: [
    'navigation is limited',
    () => expect(mainSource.match(/'will-(navigate|frame-navigate|redirect)'/g)).toHaveLength(3),
  ],
  14: [
    'new windows are denied',
    () => expect(mainSource).toContain("setWindowOpenHandler(() => ({ action: 'deny' }))"),
  ],
  15: [
    'shell.openExternal gets only checked addresses and fixed templates',
    () =>
      expect(mainSource.match(/\.openExternal\([^)]*\)/g)).toEqual(
        expect.arrayContaining(['.openExternal(url)', '.openExternal(plan.url)']),
      ),
  ],
  16: [
    'a current Electron: a supported line at its patch',
    () => expect(JSON.parse(read('package.json')).devDependencies.electron).toMatch(/^45\.(4\.[1-9]|[5-9]\.)/),
  ],
  17: [
    'every IPC message has its sender checked: one listener, in the guard',
    () => {
      expect(mainSource.match(/ipc(Main)?\.(on|once|handle|handleOnce|addListener)\(/g)).toEqual(['ipc.on(']);
      expect(isOurPage({ contentsId: 1, frame: { url: 'https://evil.com/', isMainFrame: true } }, 1)).toBe(false);
    },
  ],
  18: [
    'no file: protocol',
    () => expect(mainSource).not.toMatch(/file:\/\/|loadFile|grantFileProtocolExtraPrivileges/),
  ],
  19: [
    'fuses are set, asar integrity among them',
    () =>
      expect(parse(read('electron-builder.yml'))).toMatchObject({
        asar: true,
        electronFuses: {
          runAsNode: false,
          enableCookieEncryption: true,
          enableNodeOptionsEnvironmentVariable: false,
          enableNodeCliInspectArguments: false,
          enableEmbeddedAsarIntegrityValidation: true,
          onlyLoadAppFromAsar: true,
          grantFileProtocolExtraPrivileges: false,
        },
      }),
  ],
  20: [
    'no Electron API reaches the page: one function that takes and gives nothing',
    () => {
      const preload = read('src/preload/index.ts');
      expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
      expect(preload).toMatch(/exposeInMainWorld\(BRIDGE, \{\s+requestPort\(\): void \{/);
      expect(preload.split('\n').length).toBeLessThanOrEqual(60);
    },
  ],
};

describe("Electron's security checklist", () => {
  for (const [item, [title, prove]] of Object.entries(checklist)) test(`${item}. ${title}`, prove);
});
