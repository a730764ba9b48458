import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronChoice =
  | { readonly kind: 'real'; readonly path: string; readonly why: string }
  | { readonly kind: 'stand-in'; readonly why: string };

/**
 * Says whether the real Electron is there to be tested with. Only looks: nothing is downloaded.
 * @param root the checkout, whose node_modules is searched.
 */
export function resolveElectron(root: string, env: NodeJS.ProcessEnv = process.env): ElectronChoice {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = join(root, 'node_modules', 'electron');
  const named = readIfThere(join(folder, 'path.txt'))?.trim();
  const binary = named ?? (process.platform === 'win32' ? 'electron.exe' : 'electron');
  if (override !== undefined) {
    const path = join(override, binary);
    if (existsSync(path)) return { kind: 'real', path, why: 'ELECTRON_OVERRIDE_DIST_PATH names it' };
    return { kind: 'stand-in', why: `ELECTRON_OVERRIDE_DIST_PATH is set but has no ${binary}` };
  }
  const path = join(folder, 'dist', binary);
  if (named !== undefined && existsSync(path))
    return { kind: 'real', path, why: 'its binary is in node_modules/electron/dist' };
  if (existsSync(path)) return { kind: 'stand-in', why: 'node_modules/electron/dist is a half-finished download' };
  return { kind: 'stand-in', why: "Electron's binary is not in node_modules/electron/dist" };
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
