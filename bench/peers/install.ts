import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;

/** Brings the peers from the npm registry, by their own lockfile, when they are not there as it says. Runs no script of theirs. */
export function installPeers(): void {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const kept = join(folder, 'node_modules', '.of-lockfile');
  if (existsSync(kept) && readFileSync(kept, 'utf8') === lock) return;
  process.stderr.write('Installing the peers into bench/peers…\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  copyFileSync(join(folder, 'package-lock.json'), kept);
}
