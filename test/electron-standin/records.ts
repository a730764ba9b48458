/**
 * What the stand-in tells a test, and what a test may ask of it. Both travel over the child's IPC channel
 * (V8 serialisation), so everything here is plain data.
 */

/** One thing that main did to the desktop, in order. `kind` names the Electron API, `data` is its arguments. */
export type Recorded = {
  readonly n: number;
  /** Milliseconds since the stand-in's process began. */
  readonly at: number;
  readonly kind: string;
  readonly data: { readonly [key: string]: unknown };
};

/** A frame to pretend to be: what a hostile page, an iframe or about:blank would show as `senderFrame`. */
export type SpoofedFrame = { readonly url: string; readonly isMainFrame: boolean };

export type Action =
  /** `menu` is 'application', 'tray' or 'popup'; the item is found by its id, else by its label, at any depth. */
  | { readonly type: 'menu-click'; readonly menu: 'application' | 'tray' | 'popup'; readonly item: string }
  | { readonly type: 'tray-event'; readonly event: 'click' | 'double-click' | 'right-click' }
  /** Without an id the newest shown notification is meant. */
  | {
      readonly type: 'notification-event';
      readonly event: 'click' | 'close';
      readonly id?: number;
    }
  | { readonly type: 'second-instance'; readonly argv: readonly string[]; readonly cwd?: string }
  | { readonly type: 'open-url'; readonly url: string }
  | { readonly type: 'app-event'; readonly event: 'activate' | 'window-all-closed' | 'before-quit' }
  | { readonly type: 'power'; readonly event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'on-battery' }
  | { readonly type: 'system-theme'; readonly dark: boolean }
  /** The keyring goes or comes back: `safeStorage.isEncryptionAvailable()`. */
  | { readonly type: 'keyring'; readonly available: boolean }
  /** Answers the oldest open dialog of that method, or the next one to open. */
  | { readonly type: 'dialog-answer'; readonly method: string; readonly value: unknown }
  /** What the desktop answers to the next `shell.openExternal`/`openPath`: an error message, or null for success. */
  | { readonly type: 'shell-outcome'; readonly error: string | null }
  /** What the window manager's close button does. */
  | { readonly type: 'window-close'; readonly windowId?: number }
  | { readonly type: 'window-state'; readonly windowId?: number }
  /** The channels that main listens on: {global: {handle, on}, contents: [{id, handle, on}]}. */
  | { readonly type: 'ipc-channels' }
  /** Calls an IPC channel as a frame that is not what it should be; answers {ok, value} or {ok: false, error}. */
  | {
      readonly type: 'ipc-invoke' | 'ipc-send';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly frame: SpoofedFrame;
      readonly ports?: number;
    }
  /** Puts a raw request to the scheme's handler, with no URL normalisation by a browser before it. */
  | {
      readonly type: 'protocol-request';
      readonly url: string;
      readonly method?: string;
      readonly headers?: { readonly [name: string]: string };
    }
  | { readonly type: 'permission'; readonly permission: string; readonly origin: string }
  | { readonly type: 'quit' };

export type ProtocolAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

/** Messages of the host to the test. */
export type HostMessage =
  | { readonly type: 'record'; readonly record: Recorded }
  | { readonly type: 'browser'; readonly wsUrl: string; readonly pid: number }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: string };

/** Messages of the test to the host. */
export type TestMessage = { readonly type: 'call'; readonly id: number; readonly action: Action };

/** How the launcher configures the host: JSON in the environment variable `CHASQUI_ELECTRON_STANDIN`. */
export type HostConfig = {
  readonly mainEntry: string;
  readonly appPath: string;
  readonly chromiumPath: string;
  readonly userDataDir: string;
  readonly locale: string;
};
