import { defineConfig } from '@playwright/test';

// Every spec runs on both hosts; the fixtures read the host from the project's name.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  projects: [{ name: 'portable' }, { name: 'electron' }],
});
