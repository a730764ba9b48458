import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronChoice =
  /** `args` go before the app's path. */
  | { readonly kind: 'real'; readonly path: string; readonly args: readonly string[]; readonly why: string }
  | { readonly kind: 'stand-in'; readonly why: string };

type Machine = { readonly platform: NodeJS.Platform; readonly isRoot: boolean };

/**
 * Says whether the real Electron is there to be tested with. Only looks: nothing is downloaded.
 * @param root the checkout, whose node_modules is searched.
 */
export function resolveElectron(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  machine: Machine = { platform: process.platform, isRoot: process.getuid?.() === 0 },
): ElectronChoice {
  const real = (path: string, why: string): ElectronChoice => {
    if (machine.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
      return { kind: 'stand-in', why: "Electron's binary is here, but there is no display for its windows" };
    }
    return { kind: 'real', path, args: machine.isRoot ? ['--no-sandbox'] : [], why };
  };
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = join(root, 'node_modules', 'electron');
  const named = readIfThere(join(folder, 'path.txt'))?.trim();
  const binary = named ?? (machine.platform === 'win32' ? 'electron.exe' : 'electron');
  if (override !== undefined) {
    const path = join(override, binary);
    if (existsSync(path)) return real(path, 'ELECTRON_OVERRIDE_DIST_PATH names it');
    return { kind: 'stand-in', why: `ELECTRON_OVERRIDE_DIST_PATH is set but has no ${binary}` };
  }
  const path = join(folder, 'dist', binary);
  if (named !== undefined && existsSync(path)) return real(path, 'its binary is in node_modules/electron/dist');
  if (existsSync(path)) return { kind: 'stand-in', why: 'node_modules/electron/dist is a half-finished download' };
  return { kind: 'stand-in', why: "Electron's binary is not in node_modules/electron/dist" };
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
