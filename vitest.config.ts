import { defineConfig } from 'vitest/config';

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
          exclude: ['test/**/*.pg.test.ts', 'test/renderer/drawn-*.test.ts', '**/node_modules/**'],
          // Only against hanging: nothing waits for these to pass, and a loaded machine must not meet them.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'drawn',
          include: ['test/renderer/drawn-*.test.ts'],
          // The screens are built once for the run.
          globalSetup: ['./test/support/drawn-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'pg',
          include: ['test/**/*.pg.test.ts'],
          // One embedded PostgreSQL for the run; each file has a database of its own.
          globalSetup: ['./test/support/postgres-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
