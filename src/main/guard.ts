import type { IpcMain, WebContents } from 'electron';
import { CHANNEL_PORT } from '../protocol/channels.ts';
import { PAGE_ORIGIN } from './scheme.ts';

/** What a message says of its sender. `frame` is null when it is gone already. */
export interface Sender {
  readonly contentsId: number;
  readonly frame: { readonly url: string; readonly isMainFrame: boolean } | null;
}

/** Exactly our page: our scheme and host with nothing added, in the window's main frame. about:blank is not. */
export function isOurPage(sender: Sender, windowId: number | null): boolean {
  if (windowId === null || sender.contentsId !== windowId || sender.frame === null || !sender.frame.isMainFrame)
    return false;
  const { url } = sender.frame;
  return url === PAGE_ORIGIN || ['/', '?', '#'].some((next) => url.startsWith(PAGE_ORIGIN + next));
}

interface GuardDeps {
  readonly ipc: Pick<IpcMain, 'on'>;
  /** Gives the console's port to the page. */
  handOver(contents: WebContents): void;
  onRefused(sender: Sender): void;
}

/**
 * The one place that hears the renderer. One channel, no arguments, no answer but the port: it is handed over once for every
 * load of the page, to our own main frame only. Everything else travels on that port and is checked there.
 */
export function guardPort(deps: GuardDeps): { watch(contents: WebContents): void } {
  let windowId: number | null = null;
  let served = true;
  deps.ipc.on(CHANNEL_PORT, (event) => {
    const frame = event.senderFrame;
    const sender: Sender = {
      contentsId: event.sender.id,
      frame: frame === null ? null : { url: frame.url, isMainFrame: frame.parent === null },
    };
    if (served || !isOurPage(sender, windowId)) {
      deps.onRefused(sender);
      return;
    }
    served = true;
    deps.handOver(event.sender);
  });
  return {
    /** The window whose main frame may ask. A committed navigation, a reload too, makes it a new load. */
    watch(contents) {
      windowId = contents.id;
      served = true;
      contents.on('did-navigate', () => {
        served = false;
      });
      contents.once('destroyed', () => {
        if (windowId === contents.id) windowId = null;
      });
    },
  };
}
