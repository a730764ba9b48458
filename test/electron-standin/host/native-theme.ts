import { BrowserWindow } from './browser-window.ts';
import { record } from './recorder.ts';
import { StrictEmitter, strict } from './unimplemented.ts';

let systemDark = false;

class NativeTheme extends StrictEmitter {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly prefersReducedTransparency = false;
  readonly inForcedColorsMode = false;
  #source: 'system' | 'light' | 'dark' = 'system';
  constructor() {
    super('nativeTheme', ['updated']);
  }
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    record('nativeTheme.themeSource', { source });
    this.tell();
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? systemDark : this.#source === 'dark';
  }
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return systemDark;
  }
  /** Shows every page the scheme and tells main. */
  tell(): void {
    const features = [{ name: 'prefers-color-scheme', value: this.shouldUseDarkColors ? 'dark' : 'light' }];
    for (const window of BrowserWindow.getAllWindows()) {
      window.webContents.onPage((cdp) => cdp.send('Emulation.setEmulatedMedia', { features })).catch(() => {});
    }
    this.emit('updated');
  }
}

const bare = new NativeTheme();
export const nativeTheme = strict('nativeTheme', bare);

export function setSystemTheme(dark: boolean): void {
  systemDark = dark;
  bare.tell();
}
