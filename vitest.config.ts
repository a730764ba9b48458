import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const postgres = './test/support/postgres-setup.ts';

export default defineConfig({
  test: {
    // What forks children (PostgreSQL, Chromium, stores) competes for the same two cores.
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.pg.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['test/**/*.pg.test.ts'],
          // One embedded PostgreSQL for the run; each file has a database of its own.
          globalSetup: existsSync(join(import.meta.dirname, postgres)) ? [postgres] : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
