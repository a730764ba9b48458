import { posix, win32 } from 'node:path';

export interface BrowserFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Windows' App Paths: program name → full path, for those that are registered. */
  readonly appPaths: Readonly<Record<string, string>>;
}

/** Registry keys that Windows keeps for programs, the person's own first. */
export const appPathRoots = ['HKCU', 'HKLM'].map(
  (hive) => `${hive}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths`,
);
/** Edge comes with Windows; Chrome is second. */
export const appPathPrograms = ['msedge.exe', 'chrome.exe'] as const;

const LINUX_PROGRAMS = [
  'microsoft-edge',
  'microsoft-edge-stable',
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'brave-browser',
];
const MAC_PROGRAMS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Chromium.app/Contents/MacOS/Chromium',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
];
const WINDOWS_PLACES = ['Microsoft\\Edge\\Application\\msedge.exe', 'Google\\Chrome\\Application\\chrome.exe'];

/** Full paths where a Chromium that knows app mode may be, best first. Nothing is looked up here. */
export function browserCandidates(facts: BrowserFacts): string[] {
  switch (facts.platform) {
    case 'win32':
      return unique([...registered(facts), ...windowsPlaces(facts.env)]);
    case 'darwin':
      return ['/Applications', ...under(facts.env['HOME'], 'Applications')].flatMap((folder) =>
        MAC_PROGRAMS.map((program) => posix.join(folder, program)),
      );
    default:
      return LINUX_PROGRAMS.flatMap((program) =>
        (facts.env['PATH'] ?? '')
          .split(':')
          .filter((folder) => folder.startsWith('/'))
          .map((folder) => posix.join(folder, program)),
      );
  }
}

const registered = (facts: BrowserFacts) =>
  appPathPrograms.map((program) => facts.appPaths[program] ?? '').filter((path) => win32.isAbsolute(path));

function windowsPlaces(env: BrowserFacts['env']): string[] {
  const folders = [env['ProgramFiles(x86)'], env['ProgramFiles'], env['ProgramW6432'], env['LOCALAPPDATA']];
  return WINDOWS_PLACES.flatMap((place) =>
    folders.filter((folder) => folder !== undefined && folder !== '').map((folder) => win32.join(folder ?? '', place)),
  );
}

const under = (home: string | undefined, name: string) => (home ? [posix.join(home, name)] : []);
const unique = (paths: string[]) => [...new Set(paths)];

/**
 * The default value in what `reg query KEY /ve` prints, in any language of Windows: the line that holds a REG_SZ.
 * Null when there is none. Quotes around the path are taken off.
 */
export function parseRegistryValue(text: string): string | null {
  const line = text.split(/\r?\n/).find((candidate) => /\sREG_(EXPAND_)?SZ\s/.test(candidate));
  const value = line?.split(/\sREG_(?:EXPAND_)?SZ\s+/)[1]?.trim();
  return value ? value.replace(/^"(.*)"$/, '$1') : null;
}
