import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const source = (path: string) => join(import.meta.dirname, 'src', path);
/** The build writes beside `out` and takes its place whole: a console that starts meanwhile finds the old one. */
const out = (part: string) => join(import.meta.dirname, process.env['CHASQUI_BUILD_DIR'] ?? 'out', part);

/**
 * `main` holds five entries with stable names, for they are started by path: the desktop host, the console's utility process,
 * its two workers, and the one that reads the pages of a fill. npm packages stay outside the bundles (better-sqlite3 is native). The renderer's build serves both
 * hosts, so its addresses are relative.
 */
export default defineConfig({
  main: {
    build: {
      outDir: out('main'),
      externalizeDeps: true,
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: source('main/index.ts'),
          'console-service': source('main/console-service/entry.ts'),
          'engine-entry': source('console-process/engine-entry.ts'),
          'reader-entry': source('console-process/reader-entry.ts'),
          'pages-entry': source('console-process/pages-entry.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: out('preload'),
      // A sandboxed preload is one CommonJS file and can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [react(), tailwind()],
    build: {
      outDir: out('renderer'),
      minify: true,
      assetsInlineLimit: 0,
      // Read from the disk beside it: one file of this size costs nothing.
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: source('renderer/index.html') },
    },
  },
});
