import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const src = (...path: string[]) => join(import.meta.dirname, 'src', ...path);
const has = (...path: string[]) => existsSync(src(...path));

export default defineConfig({
  ...(has('main', 'index.ts') && {
    main: { build: { rollupOptions: { input: { index: src('main', 'index.ts') } } } },
  }),
  // A sandboxed preload is one CommonJS file.
  ...(has('preload', 'index.ts') && {
    preload: {
      build: {
        externalizeDeps: false,
        rollupOptions: {
          input: { index: src('preload', 'index.ts') },
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  }),
  ...(has('renderer', 'index.html') && {
    renderer: {
      root: src('renderer'),
      plugins: [react(), tailwindcss()],
      build: { rollupOptions: { input: { index: src('renderer', 'index.html') } } },
    },
  }),
});
