import type { Action, ProtocolAnswer, SpoofedFrame } from '../records.ts';
import { app } from './app.ts';
import { BrowserWindow, windowStates } from './browser-window.ts';
import { answerDialog } from './dialog.ts';
import { ipcMain } from './ipc-main.ts';
import { applicationMenuOf, chooseItem, poppedMenu } from './menu.ts';
import { setSystemTheme } from './native-theme.ts';
import { touchNotification } from './notification.ts';
import { createPortPair } from './ports.ts';
import { raisePower } from './power-monitor.ts';
import { plain } from './recorder.ts';
import { setKeyringAvailable } from './safe-storage.ts';
import { sessionModule } from './session.ts';
import { setShellOutcome } from './shell.ts';
import { touchTray, trayMenu } from './tray.ts';
import { StandinEvent } from './unimplemented.ts';
import { type WebContents, webContentsModule } from './web-contents.ts';
import { createFrame, type WebFrameMain } from './web-frame.ts';

/** Does what the test asks: the part of the person, the desktop, or an attacker. */
export async function perform(action: Action): Promise<unknown> {
  switch (action.type) {
    case 'menu-click':
      return chooseItem(
        { application: applicationMenuOf, tray: trayMenu, popup: poppedMenu }[action.menu](),
        action.item,
      );
    case 'tray-event':
      return touchTray(action.event);
    case 'notification-event':
      return touchNotification(action.event, action.id);
    case 'second-instance':
      return app.secondInstance(action.argv, action.cwd ?? process.cwd(), null);
    case 'open-url':
      return app.emit('open-url', new StandinEvent(), action.url);
    case 'app-event':
      return app.emit(action.event, new StandinEvent());
    case 'power':
      return raisePower(action.event);
    case 'system-theme':
      return setSystemTheme(action.dark);
    case 'keyring':
      return setKeyringAvailable(action.available);
    case 'dialog-answer':
      return answerDialog(action.method, action.value);
    case 'shell-outcome':
      return setShellOutcome(action.error);
    case 'window-close':
      return windowOf(action.windowId).close();
    case 'window-state':
      return windowStates();
    case 'ipc-channels':
      return {
        global: ipcMain.channels(),
        contents: webContentsModule.getAllWebContents().map((one) => ({ id: one.id, ...one.ipc.channels() })),
      };
    case 'ipc-invoke': {
      const contents = anyContents();
      const answer = await contents.invokeFrom(pretend(contents, action.frame), action.channel, [...action.args]);
      return answer.ok ? { ok: true, value: plain(answer.value) } : answer;
    }
    case 'ipc-send': {
      const contents = anyContents();
      const ends = Array.from({ length: action.ports ?? 0 }, () => createPortPair()[0]);
      return contents.deliverFrom(pretend(contents, action.frame), action.channel, [...action.args], ends);
    }
    case 'protocol-request':
      return protocolRequest(action.url, action.method ?? 'GET', action.headers ?? {});
    case 'permission':
      return sessionModule.defaultSession.decidePermission(anyContents(), action.permission, action.origin);
    default:
      return app.quit();
  }
}

function windowOf(id: number | undefined): BrowserWindow {
  const window = id === undefined ? BrowserWindow.getAllWindows()[0] : BrowserWindow.fromId(id);
  if (window === undefined || window === null) throw new Error('there is no such window');
  return window;
}

function anyContents(): WebContents {
  return windowOf(undefined).webContents;
}

/** A frame that shows what the test wants: a foreign main frame, or a child of the true one. */
function pretend(contents: WebContents, { url, isMainFrame }: SpoofedFrame): WebFrameMain {
  return createFrame(
    999,
    url,
    isMainFrame ? null : contents.mainFrame,
    () => {},
    () => Promise.resolve(undefined),
  );
}

/** The handler is given the URL as it stands: a Request would tidy `..` and `%2e%2e` away before it is seen. */
async function protocolRequest(
  url: string,
  method: string,
  headers: { readonly [name: string]: string },
): Promise<ProtocolAnswer> {
  const scheme = url.slice(0, url.indexOf(':'));
  const handler = sessionModule.defaultSession.protocol.handlerOf(scheme);
  if (handler === undefined) throw new Error(`no handler for ${scheme}:`);
  const request = new Request(`${scheme}://placeholder/`, { method, headers: { ...headers } });
  Object.defineProperty(request, 'url', { value: url });
  const response = await handler(request);
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
