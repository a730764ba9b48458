import { defineConfig } from '@playwright/test';

const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const asRoot = process.getuid?.() === 0;

// The specs of the work itself run on both hosts; the fixtures read the host from the project's name.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  globalSetup: './e2e/support/global-setup.ts',
  // Only against hanging: a loaded machine must not meet these.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  workers: 2,
  retries: 0,
  reporter: [['./e2e/support/which-electron.ts'], ['list']],
  forbidOnly: process.env['CI'] === 'true',
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        // A camera that shows a turning disc, and nobody who has to allow it.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'portable', testIgnore: 'electron-desktop.spec.ts' },
    // The glue of the desktop host and the contract over its port. What a screen says of a state does not depend on the host.
    { name: 'electron', testIgnore: ['states/**', 'search-and-queue.spec.ts', 'session.spec.ts'] },
  ],
});
