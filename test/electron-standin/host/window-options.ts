import { notImplemented } from './unimplemented.ts';

type WebPreferences = {
  preload?: string;
  sandbox?: boolean;
  contextIsolation?: boolean;
  nodeIntegration?: boolean;
  additionalArguments?: string[];
  [key: string]: unknown;
};

export type WindowOptions = {
  width?: number;
  height?: number;
  x?: number;
  y?: number;
  show?: boolean;
  title?: string;
  parent?: object;
  webPreferences?: WebPreferences;
  [key: string]: unknown;
};

/** Options that change nothing a test could see here, and those that the stand-in carries out. */
const known = new Set(
  `width height x y show title parent webPreferences minWidth minHeight maxWidth maxHeight useContentSize center resizable
  movable minimizable maximizable closable focusable alwaysOnTop fullscreen fullscreenable skipTaskbar icon frame modal
  autoHideMenuBar backgroundColor darkTheme titleBarStyle titleBarOverlay trafficLightPosition roundedCorners hasShadow
  acceptFirstMouse disableAutoHideCursor paintWhenInitiallyHidden accentColor thickFrame opacity`.split(/\s+/),
);

const knownPreferences = new Set(
  `preload sandbox contextIsolation nodeIntegration nodeIntegrationInWorker nodeIntegrationInSubFrames webSecurity
  allowRunningInsecureContent experimentalFeatures enableBlinkFeatures webviewTag additionalArguments devTools spellcheck
  safeDialogs disableDialogs navigateOnDragDrop autoplayPolicy disableHtmlFullscreenWindowResize images javascript
  enableWebSQL backgroundThrottling v8CacheOptions defaultEncoding defaultFontSize minimumFontSize enablePreferredSizeMode
  plugins scrollBounce zoomFactor webgl textAreasAreResizable`.split(/\s+/),
);

/** The stand-in runs one kind of page only: sandboxed, isolated, without Node. Anything else is reported by name. */
export function checkWindowOptions(options: WindowOptions): void {
  for (const key of Object.keys(options)) if (!known.has(key)) notImplemented(`BrowserWindow option ${key}`);
  const preferences = options.webPreferences ?? {};
  for (const [key, value] of Object.entries(preferences)) {
    if (!knownPreferences.has(key) && value !== undefined) notImplemented(`webPreferences.${key}`);
  }
  const must: ReadonlyArray<readonly [key: string, value: boolean]> = [
    ['sandbox', true],
    ['contextIsolation', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['webSecurity', true],
    ['webviewTag', false],
    ['javascript', true],
  ];
  for (const [key, value] of must) {
    const given = preferences[key];
    if (given !== undefined && given !== value) notImplemented(`webPreferences.${key}: ${String(given)}`);
  }
}
