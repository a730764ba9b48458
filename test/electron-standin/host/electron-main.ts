import { app } from './app.ts';
import { autoUpdater } from './auto-updater.ts';
import { BrowserWindow as BrowserWindowClass } from './browser-window.ts';
import { clipboard } from './clipboard.ts';
import { dialog } from './dialog.ts';
import { globalShortcut } from './global-shortcut.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu as MenuClass, MenuItem } from './menu.ts';
import { nativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { net } from './net.ts';
import { Notification } from './notification.ts';
import { MessageChannelMain } from './ports.ts';
import { powerMonitor } from './power-monitor.ts';
import { safeStorage } from './safe-storage.ts';
import { screen } from './screen.ts';
import { protocolModule, sessionModule } from './session.ts';
import { shell } from './shell.ts';
import { Tray } from './tray.ts';
import { missing, strict } from './unimplemented.ts';
import { utilityProcess } from './utility-process.ts';
import { webContentsModule } from './web-contents.ts';

/** The module `electron` as main sees it. What is not there can be imported; using it is reported by name. */
const BrowserWindow = strict('BrowserWindow (class)', BrowserWindowClass);
const Menu = strict('Menu (class)', MenuClass);
const protocol = protocolModule;
const session = sessionModule;
const webContents = webContentsModule;
const BaseWindow = missing('BaseWindow');
const BrowserView = missing('BrowserView');
const View = missing('View');
const WebContentsView = missing('WebContentsView');
const ImageView = missing('ImageView');
const contentTracing = missing('contentTracing');
const crashReporter = missing('crashReporter');
const desktopCapturer = missing('desktopCapturer');
const inAppPurchase = missing('inAppPurchase');
const netLog = missing('netLog');
const powerSaveBlocker = missing('powerSaveBlocker');
const pushNotifications = missing('pushNotifications');
const ShareMenu = missing('ShareMenu');
const systemPreferences = missing('systemPreferences');
const TouchBar = missing('TouchBar');
const webFrameMain = missing('webFrameMain');

const electron = strict('electron', {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ImageView,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  safeStorage,
  screen,
  session,
  ShareMenu,
  shell,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  webContents,
  WebContentsView,
  webFrameMain,
});

export default electron;
export {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  electron as 'module.exports',
  globalShortcut,
  ImageView,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  ShareMenu,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  WebContentsView,
  webContents,
  webFrameMain,
};
