import { defineConfig } from 'vitest/config';

/** Suites that import nothing but sources without side effects. */
const pure = ['test/domain/**/*.test.ts', 'test/protocol/**/*.test.ts'] as const;

/** Only against hanging: nothing waits for these to pass, and a loaded machine must not meet them. */
const unhurried = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    // Measured on two cores: with two at a time a third of them idles, since many tests wait for disks, children and clocks.
    maxWorkers: 3,
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'pure',
          include: [...pure],
          // Nothing here changes what another file sees: a process runs them one after another and loads the sources once.
          isolate: false,
          ...unhurried,
        },
      },
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...pure, 'test/**/*.pg.test.ts', 'test/renderer/drawn-*.test.ts', '**/node_modules/**'],
          ...unhurried,
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
