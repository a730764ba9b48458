import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from '../launcher/boot/exclusive.js';
import { inputsHash, isBuilt, stampBuild } from './build-stamp.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');
/** On the same file system as `out`, so that a rename is enough to swap them. */
const beside = 'out.building';
const onlyIfChanged = process.argv.includes('--if-changed');

/** The whole new build at once, in place of the old one. */
function takeItsPlace(): void {
  const old = `${out}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(out)) renameSync(out, old);
  renameSync(join(root, beside), out);
  rmSync(old, { recursive: true, force: true });
}

/** Bundles main, preload and renderer into `out/`; one process at a time. */
async function bundle(): Promise<void> {
  const held = await lock(`build:${root}`, () => console.error('Another build is running; waiting for it…'));
  try {
    const inputs = inputsHash(root);
    if (onlyIfChanged && isBuilt(root, inputs)) return;
    rmSync(join(root, beside), { recursive: true, force: true });
    process.env['CHASQUI_BUILD_DIR'] = beside;
    // Loaded here, so that a start that has nothing to build does not wait for it.
    const { build } = await import('electron-vite');
    await build({ root, configFile: join(root, 'electron.vite.config.ts'), logLevel: 'warn' });
    stampBuild(join(root, beside), inputs);
    takeItsPlace();
  } finally {
    await held.release();
  }
}

if (!onlyIfChanged || !isBuilt(root, inputsHash(root))) {
  // The one who started us waits for this line before telling people that it takes a while.
  console.log('{"building":true}');
  await bundle();
}
