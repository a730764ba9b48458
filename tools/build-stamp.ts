import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that ends up in the bundles, or decides how they are made. */
const INPUTS = [
  'src/{shared,domain,protocol,core,platform-node,console-process,main,preload,renderer}/**/*.*',
  'resources/**/*.*',
  'electron.vite.config.ts',
  'package-lock.json',
];

const STAMP = 'build.sha256';
const stampFile = (root: string) => join(root, 'out', STAMP);

/** By content and not by time: a fresh clone, a switch of branches and a copy keep no useful times. */
export function inputsHash(root: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(INPUTS, { cwd: root }).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

export function isBuilt(root: string, inputs: string): boolean {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === inputs;
}

/** Written when all bundles are: a build that was cut short leaves none. */
export function stampBuild(out: string, inputs: string): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, STAMP), inputs);
}
