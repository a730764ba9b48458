import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { isGranted, restrictSession } from '../../src/main/permissions.ts';
import { lockNavigation, windowOptions } from '../../src/main/window.ts';

describe("Electron's checklist", () => {
  test('items 2, 3, 4, 6, 8, 9, 10, 11: the page has no Node, its own world, a sandbox and no loosened rule', () => {
    expect(windowOptions('/preload.cjs', '/icon.png', false).webPreferences).toEqual({
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    });
  });

  const page = 'chasqui-app://console/';
  const event = (url: string, isMainFrame = true) => ({ url, isMainFrame, preventDefault: vi.fn() });
  function locked() {
    const setWindowOpenHandler = vi.fn();
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler });
    lockNavigation(contents as never);
    return { contents, setWindowOpenHandler };
  }

  test.each([
    'https://evil.com/',
    'file:///C:/evil.html',
    'chasqui-app://evil/',
    'chasqui-app://console/other.html',
    'about:blank',
    'javascript:alert(1)',
  ])('items 12, 13: no navigation or redirect to %s', (url) => {
    const { contents } = locked();
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      const going = event(url);
      contents.emit(name, going);
      expect(going.preventDefault, name).toHaveBeenCalled();
    }
  });

  test('a reload stays possible, in the main frame only', () => {
    const { contents } = locked();
    for (const name of ['will-navigate', 'will-frame-navigate']) {
      const going = event(`${page}#/ticket`);
      contents.emit(name, going);
      expect(going.preventDefault, name).not.toHaveBeenCalled();
    }
    const framed = event(page, false);
    contents.emit('will-frame-navigate', framed);
    expect(framed.preventDefault).toHaveBeenCalled();
  });

  test('item 14: no window is opened, no webview attached', () => {
    const { contents, setWindowOpenHandler } = locked();
    expect(setWindowOpenHandler.mock.calls[0]?.[0]({ url: 'https://x.pe' })).toEqual({ action: 'deny' });
    const attach = { preventDefault: vi.fn() };
    contents.emit('will-attach-webview', attach);
    expect(attach.preventDefault).toHaveBeenCalled();
  });
});

describe('item 5: permissions', () => {
  const all = [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'hid',
    'serial',
    'usb',
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'openExternal',
    'fullscreen',
    'pointerLock',
    'unknown',
  ];

  test('only copying, only for our own main frame', () => {
    const origin = 'chasqui-app://console';
    for (const permission of all) expect(isGranted(permission, origin, true), permission).toBe(false);
    expect(isGranted('clipboard-sanitized-write', origin, true)).toBe(true);
    expect(isGranted('clipboard-sanitized-write', origin, false)).toBe(false);
    expect(isGranted('clipboard-sanitized-write', 'https://evil.com', true)).toBe(false);
    expect(isGranted('clipboard-sanitized-write', `${origin}.evil`, true)).toBe(false);
  });

  test('the camera alone, never with or without it the microphone', () => {
    const origin = 'chasqui-app://console';
    expect(isGranted('media', origin, true, ['video'])).toBe(true);
    for (const media of [['audio'], ['video', 'audio'], ['unknown'], []])
      expect(isGranted('media', origin, true, media), media.join()).toBe(false);
    expect(isGranted('media', origin, false, ['video'])).toBe(false);
    expect(isGranted('media', 'https://evil.com', true, ['video'])).toBe(false);
    expect(isGranted('display-capture', origin, true, ['video'])).toBe(false);
  });

  test('the session asks that table for everything, and downloads nothing but what the page made', () => {
    const handlers: Record<string, (...given: never[]) => unknown> = {};
    const keep = (name: string) => (handler: (...given: never[]) => unknown) => {
      handlers[name] = handler;
    };
    const session = Object.assign(new EventEmitter(), {
      setPermissionCheckHandler: keep('check'),
      setPermissionRequestHandler: keep('request'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: vi.fn(),
    });
    restrictSession(session as never);
    const call = (name: string, ...given: unknown[]) => handlers[name]?.(...(given as never[]));
    const details = { isMainFrame: true, requestingUrl: 'chasqui-app://console/index.html' };
    const answer = vi.fn();
    call('request', null, 'media', answer, details);
    call('request', null, 'clipboard-sanitized-write', answer, details);
    call('request', null, 'clipboard-sanitized-write', answer, {
      ...details,
      requestingUrl: 'https://evil.com/chasqui-app://console/',
    });
    call('request', null, 'media', answer, { ...details, mediaTypes: ['video'] });
    call('request', null, 'media', answer, { ...details, mediaTypes: ['video', 'audio'] });
    expect(answer.mock.calls).toEqual([[false], [true], [false], [true], [false]]);
    expect(call('check', null, 'media', 'chasqui-app://console', { ...details, mediaType: 'video' })).toBe(true);
    expect(call('check', null, 'media', 'chasqui-app://console', { ...details, mediaType: 'audio' })).toBe(false);
    expect(call('check', null, 'geolocation', 'chasqui-app://console', details)).toBe(false);
    expect(call('check', null, 'clipboard-sanitized-write', 'chasqui-app://console/', details)).toBe(true);
    expect(call('device', {})).toBe(false);
    const prevented = (url: string) => {
      const download = { preventDefault: vi.fn() };
      session.emit('will-download', download, { getURL: () => url });
      return download.preventDefault.mock.calls.length > 0;
    };
    for (const url of [
      'https://evil.com/x.exe',
      'blob:https://evil.com/1',
      'chasqui-app://console/x',
      'file:///etc/passwd',
    ])
      expect(prevented(url), url).toBe(true);
    expect(prevented('blob:chasqui-app://console/6f1c')).toBe(false);
  });
});
