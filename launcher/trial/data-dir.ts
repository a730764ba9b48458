import { posix, win32 } from 'node:path';

type Place = { platform: NodeJS.Platform; home: string; env: Record<string, string | undefined> };

/**
 * Where the trial keeps its tickets and pending work unless `--data` says otherwise: outside the checkout, which people
 * delete, and on Windows outside the roaming profile, which the network copies at every sign-in.
 */
export function defaultDataDir({ platform, home, env }: Place): string {
  if (platform === 'win32') return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'Chasqui');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Chasqui');
  const xdg = env.XDG_DATA_HOME;
  // The specification has relative values ignored.
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'chasqui');
}
