import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { PAGE_URL } from './scheme.ts';

/** Every security setting is said, defaults too, so that a test reads them and no default can change under us. */
export function windowOptions(preload: string, icon: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1360,
    height: 860,
    minWidth: 940,
    minHeight: 600,
    show: false,
    title: 'Chasqui',
    icon,
    autoHideMenuBar: true,
    backgroundColor: dark ? '#14161a' : '#ffffff',
    webPreferences: {
      preload,
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
    },
  };
}

/** No page but ours, in no window but ours. Loading our own page again stays possible. */
export function lockNavigation(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (!isReload(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isReload(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

const isReload = (url: string) => url.split(/[?#]/, 1)[0] === PAGE_URL;

/** From wherever it is to the person's eyes. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
