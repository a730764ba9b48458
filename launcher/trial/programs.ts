import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NETWORK_FLAGS, PRELOADS } from '../boot/node24.js';
import type { Program } from './service.ts';

/** How each part of a start is run; the tests put small programs in their place. */
export type Programs = {
  build: () => Program;
  store: (options: { dir: string; port: number }) => Program;
  portable: (options: { dir: string; store: string; port: number; open: boolean }) => Program;
  link: (options: { dir: string; json: boolean }) => Program;
  electron: (options: { dir: string; store: string; binary: string }) => Program;
};

/** A console of four threads keeps 100 MB less: threads share what they free (glibc), and none of them compiles what is compiled already. */
export const leanConsole = (root: string) => ({
  MALLOC_ARENA_MAX: '2',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'chasqui-node'),
});

/** The programs of the checkout at `root`, run by the Node that runs us. */
export function checkoutPrograms(root: string): Programs {
  const boot = (file: string) => join(root, 'launcher', 'boot', file);
  const preloads = PRELOADS.flatMap((file) => ['--import', pathToFileURL(boot(file)).href]);
  const node = (entry: string, args: string[]): Program => ({
    file: process.execPath,
    args: [...NETWORK_FLAGS, ...preloads, join(root, entry), ...args],
  });
  return {
    build: () => node('tools/build.ts', ['--if-changed']),
    store: ({ dir, port }) => node('src/store/main.ts', ['trial', '--data', dir, '--port', String(port), '--json']),
    portable: ({ dir, store, port, open }) => ({
      ...node('src/portable/main.ts', [
        ...['--store', store, '--data', dir, '--port', String(port), '--json'],
        ...(open ? [] : ['--no-open']),
      ]),
      env: leanConsole(root),
    }),
    link: ({ dir, json }) => node('src/portable/main.ts', ['link', '--data', dir, ...(json ? ['--json'] : [])]),
    electron: ({ dir, store, binary }) => ({
      file: binary,
      // The folder and not the file: Electron reads name and version from its package.json.
      args: ['-r', boot('die-with-parent.js'), root],
      env: { CHASQUI_STORE_URL: store, CHASQUI_DATA_DIR: dir },
    }),
  };
}
