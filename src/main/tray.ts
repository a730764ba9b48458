import type { Menu, NativeImage, Tray } from 'electron';
import type { Texts } from './texts.ts';

interface TrayDeps {
  create(): Tray;
  menu: Pick<typeof Menu, 'buildFromTemplate'>;
  icon: { plain: NativeImage; waiting: NativeImage };
  onOpen(): void;
  onRetry(): void;
  onQuit(): void;
}

export interface TrayState {
  readonly pending: number;
  readonly texts: Texts;
}

/** The icon that stays when the window is closed: how many acts wait to be sent, and the way back. */
export function createTray(deps: TrayDeps): { show(state: TrayState): void } {
  const tray = deps.create();
  tray.on('click', deps.onOpen);
  return {
    show({ pending, texts }) {
      const words = pending === 0 ? texts.nothingWaits : texts.waits(pending);
      tray.setToolTip(words);
      tray.setImage(pending === 0 ? deps.icon.plain : deps.icon.waiting);
      tray.setContextMenu(
        deps.menu.buildFromTemplate([
          { id: 'state', label: words, enabled: false },
          { type: 'separator' },
          { id: 'open', label: texts.open, click: deps.onOpen },
          { id: 'retry', label: texts.retry, click: deps.onRetry },
          { type: 'separator' },
          { id: 'quit', label: texts.quit, click: deps.onQuit },
        ]),
      );
    },
  };
}
