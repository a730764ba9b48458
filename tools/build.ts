import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from '../launcher/boot/exclusive.js';
import { inputsHash, isBuilt, stampBuild } from './build-stamp.ts';

const root = join(import.meta.dirname, '..');
const onlyIfChanged = process.argv.includes('--if-changed');

/** Bundles main, preload and renderer into `out/`; one process at a time. */
async function bundle(): Promise<void> {
  const held = await lock(`build:${root}`, () => console.error('Another build is running; waiting for it…'));
  try {
    const inputs = inputsHash(root);
    if (onlyIfChanged && isBuilt(root, inputs)) return;
    rmSync(join(root, 'out'), { recursive: true, force: true });
    // Loaded here, so that a start that has nothing to build does not wait for it.
    const { build } = await import('electron-vite');
    await build({ root, configFile: join(root, 'electron.vite.config.ts'), logLevel: 'warn' });
    stampBuild(root, inputs);
  } finally {
    await held.release();
  }
}

if (!onlyIfChanged || !isBuilt(root, inputsHash(root))) {
  // The one who started us waits for this line before telling people that it takes a while.
  console.log('{"building":true}');
  await bundle();
}
