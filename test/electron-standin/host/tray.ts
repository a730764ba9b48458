import { type Menu, menuToData } from './menu.ts';
import { imageName } from './native-image.ts';
import { record } from './recorder.ts';
import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';

let newest: Tray | undefined;
const bounds = { x: 0, y: 0, width: 24, height: 24 };

/** An icon in the notification area. */
export class Tray extends StrictEmitter {
  #menu: Menu | null = null;
  #destroyed = false;

  constructor(image: unknown) {
    super(
      'Tray',
      ['click', 'double-click', 'right-click'],
      [
        'middle-click',
        'balloon-show',
        'balloon-click',
        'balloon-closed',
        'mouse-up',
        'mouse-down',
        'mouse-enter',
        'mouse-leave',
        'mouse-move',
      ],
    );
    record('tray', { image: imageName(image) });
    newest = this;
    // biome-ignore lint/correctness/noConstructorReturn: main must hold the wrapper that reports what it lacks
    return strict('Tray', this);
  }

  setContextMenu(menu: Menu | null): void {
    this.#menu = menu;
    record('tray.setContextMenu', { items: menu === null ? null : menuToData(menu) });
  }
  setToolTip(text: string): void {
    record('tray.setToolTip', { text });
  }
  setTitle(title: string): void {
    record('tray.setTitle', { title });
  }
  setImage(image: unknown): void {
    record('tray.setImage', { image: imageName(image) });
  }
  setIgnoreDoubleClickEvents(ignore: boolean): void {
    record('tray.setIgnoreDoubleClickEvents', { ignore });
  }
  popUpContextMenu(menu?: Menu): void {
    record('tray.popUpContextMenu', { items: menu === undefined ? null : menuToData(menu) });
  }
  getBounds(): object {
    return { ...bounds };
  }
  destroy(): void {
    this.#destroyed = true;
    if (newest === this) newest = undefined;
    record('tray.destroy');
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  /** For the test's clicks. */
  menuOf(): Menu | null {
    return this.#menu;
  }
}

export function trayMenu(): Menu | null {
  return newest?.menuOf() ?? null;
}

export function touchTray(event: 'click' | 'double-click' | 'right-click'): void {
  if (newest === undefined) throw new Error('there is no tray icon');
  newest.emit(event, new StandinEvent(), bounds, { x: 12, y: 12 });
}
