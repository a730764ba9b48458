import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readConfiguration } from '../../src/main/configuration.ts';
import { menuTemplate } from '../../src/main/menu.ts';
import { texts } from '../../src/main/texts.ts';
import { createTray } from '../../src/main/tray.ts';
import { createUpdater, feedAddress } from '../../src/main/updater.ts';

const read = (settings: string | null, env: Record<string, string> = {}) =>
  readConfiguration(env, '/home/ana', () => settings);

test('the environment comes before the settings file', () => {
  const file = '{"storeUrl":"https://mesa.gob.pe/","dataDir":"/srv/c","updateFeed":"https://mesa.gob.pe/updates"}';
  expect(read(file)).toEqual({
    ok: true,
    value: {
      ...{ storeUrl: 'https://mesa.gob.pe', dataDir: '/srv/c' },
      ...{ updateFeed: 'https://mesa.gob.pe/updates', updateKey: null },
    },
  });
  const env = { CHASQUI_STORE_URL: 'http://127.0.0.1:8080', CHASQUI_DATA_DIR: '/tmp/d' };
  expect(read(file, env)).toMatchObject({ value: { storeUrl: 'http://127.0.0.1:8080', dataDir: '/tmp/d' } });
  expect(read(null, env)).toMatchObject({ ok: true, value: { updateFeed: null } });
  expect(read(null, { CHASQUI_STORE_URL: 'http://s' })).toMatchObject({ value: { dataDir: '/home/ana' } });
});

test('bad configuration is one sentence that names the setting', () => {
  const path = join('/home/ana', 'settings.json');
  const bad: [string | null, string][] = [
    [null, 'storeUrl'],
    ['{}', 'storeUrl'],
    ['{"storeUrl":"file:///x"}', 'storeUrl'],
    ['{"storeUrl":5}', 'storeUrl'],
    ['{', path],
    ['[]', path],
    ['{"storeURL":"https://x"}', path],
    ['{"storeUrl":"https://x","updateFeed":"http://evil.com/feed"}', 'updateFeed'],
    ['{"storeUrl":"https://x","updateKey":"bm8ga2V5"}', 'updateKey'],
    ['{"storeUrl":"https://x","updateKey":""}', 'updateKey'],
  ];
  for (const [settings, word] of bad) {
    const result = read(settings);
    expect(result.ok, String(settings)).toBe(false);
    if (!result.ok) expect(result.error).toContain(word);
  }
});

test('threat 24: an update feed is https, or this very PC', () => {
  expect(feedAddress('https://mesa.gob.pe/u')).toBe('https://mesa.gob.pe/u');
  expect(feedAddress('http://127.0.0.1:9/u')).toBe('http://127.0.0.1:9/u');
  for (const bad of [null, '', 'http://mesa.gob.pe/u', 'file:///u', 'ftp://x', 'http://127.0.0.1.evil.com/']) {
    expect(feedAddress(bad), String(bad)).toBeNull();
  }
});

test('updates: none without a feed, checked at the start and on time, installed only when asked and ready', async () => {
  const none = createUpdater({ source: null, every: vi.fn(), onReady: vi.fn(), onFailed: vi.fn() });
  none.install();
  expect(none.ready()).toBeNull();

  let ready = (_version: string) => {};
  let again = () => {};
  const source = {
    check: vi.fn(() => Promise.reject(new Error('cut download'))),
    onReady: (listener: (version: string) => void) => {
      ready = listener;
    },
    install: vi.fn(),
  };
  const onFailed = vi.fn();
  const onReady = vi.fn();
  const every = (_ms: number, run: () => void) => {
    again = run;
  };
  const updater = createUpdater({ source, every, onReady, onFailed });
  again();
  await vi.waitFor(() => expect(onFailed).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  updater.install();
  expect(source.install).not.toHaveBeenCalled();
  ready('0.2.0');
  expect([updater.ready(), onReady.mock.calls]).toEqual(['0.2.0', [['0.2.0']]]);
  updater.install();
  expect(source.install).toHaveBeenCalledTimes(1);
});

test('the tray says in both languages how many acts wait', () => {
  const tray = { on: vi.fn(), setToolTip: vi.fn(), setImage: vi.fn(), setContextMenu: vi.fn() };
  const acts = { onOpen: vi.fn(), onRetry: vi.fn(), onQuit: vi.fn() };
  const built: { id?: string; label?: string; click?: () => void }[][] = [];
  const shown = createTray({
    create: () => tray as never,
    menu: { buildFromTemplate: (template: never) => built.push(template) as never },
    icon: { plain: 'plain' as never, waiting: 'waiting' as never },
    ...acts,
  });
  shown.show({ pending: 0, texts: texts.es });
  shown.show({ pending: 1, texts: texts.es });
  shown.show({ pending: 12, texts: texts.en });
  expect(tray.setToolTip.mock.calls.flat()).toEqual([
    'Chasqui: todo enviado',
    'Chasqui: 1 por enviar',
    'Chasqui: 12 to send',
  ]);
  expect(tray.setImage.mock.calls.flat()).toEqual(['plain', 'waiting', 'waiting']);
  for (const item of built.at(-1) ?? []) item.click?.();
  tray.on.mock.calls.find(([event]) => event === 'click')?.[1]();
  expect([acts.onOpen, acts.onRetry, acts.onQuit].map((act) => act.mock.calls.length)).toEqual([2, 1, 1]);
});

test('the menu offers no reload and no developer tools, and an update when one is ready', () => {
  const facts = { texts: texts.es, updateReady: null, onInstall: vi.fn(), onQuit: vi.fn() };
  const text = JSON.stringify(menuTemplate(facts));
  expect(text).not.toMatch(/reload|devtools/i);
  expect(text).not.toContain('install-update');
  expect(JSON.stringify(menuTemplate({ ...facts, updateReady: '0.2.0' }))).toContain('Instalar la versión 0.2.0');
});
