import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { record } from './recorder.ts';
import { notImplemented, StrictEmitter, strict } from './unimplemented.ts';

type Click = (item: MenuItem, window: BrowserWindow | undefined, event: object) => void;
export type ItemOptions = {
  id?: string;
  label?: string;
  sublabel?: string;
  toolTip?: string;
  type?: string;
  role?: string;
  accelerator?: string;
  enabled?: boolean;
  visible?: boolean;
  checked?: boolean;
  registerAccelerator?: boolean;
  icon?: unknown;
  click?: Click;
  submenu?: Menu | ItemOptions[];
};

/** Roles that do something to the app or to the window; the editing roles act inside the page and are only recorded. */
const acts: { readonly [role: string]: (window: BrowserWindow | undefined) => void } = {
  quit: () => app.quit(),
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.webContents.reload(),
  forcereload: (window) => window?.webContents.reloadIgnoringCache(),
  togglefullscreen: (window) => window?.setFullScreen(!window.isFullScreen()),
  about: () => app.showAboutPanel(),
  resetzoom: (window) => window?.webContents.setZoomFactor(1),
  zoomin: (window) => window?.webContents.setZoomLevel(window.webContents.getZoomLevel() + 0.5),
  zoomout: (window) => window?.webContents.setZoomLevel(window.webContents.getZoomLevel() - 0.5),
};

export class MenuItem {
  readonly id: string | undefined;
  label: string;
  readonly type: string;
  readonly role: string | undefined;
  readonly accelerator: string | undefined;
  readonly submenu: Menu | null;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  click: Click;

  constructor(options: ItemOptions) {
    this.id = options.id;
    this.role = options.role?.toLowerCase();
    this.label = options.label ?? options.role ?? '';
    this.type = options.type ?? (options.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    const { submenu } = options;
    this.submenu = submenu === undefined ? null : Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.click = options.click ?? (() => {});
  }

  /** What choosing the item does. */
  choose(): void {
    const window = BrowserWindow.getFocusedWindow() ?? undefined;
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') this.checked = true;
    record('menu-click', { id: this.id, label: this.label, role: this.role });
    acts[this.role ?? '']?.(window);
    this.click(this, window, {});
  }
}

let applicationMenu: Menu | null = null;
let popped: Menu | null = null;

export class Menu extends StrictEmitter {
  items: MenuItem[] = [];

  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close']);
    // biome-ignore lint/correctness/noConstructorReturn: main must hold the wrapper that reports what it lacks
    return strict('Menu', this);
  }

  static buildFromTemplate(template: readonly (ItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template) menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
    app.applicationMenu = menu;
    record('menu.setApplicationMenu', { items: menu === null ? null : menuToData(menu) });
  }
  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }
  static sendActionToFirstResponder(): never {
    return notImplemented('Menu.sendActionToFirstResponder');
  }

  append(item: MenuItem): void {
    this.items.push(item);
  }
  insert(at: number, item: MenuItem): void {
    this.items.splice(at, 0, item);
  }
  getMenuItemById(id: string): MenuItem | null {
    return find(this, (item) => item.id === id) ?? null;
  }
  popup(): void {
    popped = this;
    record('menu.popup', { items: menuToData(this) });
    this.emit('menu-will-show', {});
  }
  closePopup(): void {
    if (popped === this) popped = null;
    this.emit('menu-will-close', {});
  }
}

export function applicationMenuOf(): Menu | null {
  return applicationMenu;
}
export function poppedMenu(): Menu | null {
  return popped;
}

/** Chooses an item by id, else by label. A disabled or hidden item cannot be chosen, and says so. */
export function chooseItem(menu: Menu | null, name: string): void {
  if (menu === null) throw new Error('there is no such menu');
  const item = find(menu, (entry) => entry.id === name) ?? find(menu, (entry) => entry.label === name);
  if (item === undefined) throw new Error(`the menu has no item ${JSON.stringify(name)}`);
  if (!item.enabled || !item.visible)
    throw new Error(`the menu item ${JSON.stringify(name)} is ${item.enabled ? 'hidden' : 'disabled'}`);
  item.choose();
}

/** A menu as data, for the record. */
export function menuToData(menu: Menu): object[] {
  return menu.items.map((item) => ({
    id: item.id,
    label: item.label,
    type: item.type,
    role: item.role,
    accelerator: item.accelerator,
    enabled: item.enabled,
    visible: item.visible,
    checked: item.checked,
    ...(item.submenu === null ? {} : { submenu: menuToData(item.submenu) }),
  }));
}

function find(menu: Menu, test: (item: MenuItem) => boolean): MenuItem | undefined {
  for (const item of menu.items) {
    if (test(item)) return item;
    const inner = item.submenu === null ? undefined : find(item.submenu, test);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
