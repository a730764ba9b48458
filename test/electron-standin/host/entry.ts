import { pathToFileURL } from 'node:url';
import type { TestMessage } from '../records.ts';
import { perform } from './actions.ts';
import { app } from './app.ts';
import { config } from './config.ts';
import { watchDownloads } from './downloads.ts';
import { lifecycle } from './lifecycle.ts';
import { record, tellTest } from './recorder.ts';

// The process's entry: listens to the test, loads the built main, and lets the app become ready as Electron would.

process.on('message', (message: TestMessage) => {
  perform(message.action).then(
    (value) => tellTest({ type: 'answer', id: message.id, ok: true, value }),
    (error: unknown) =>
      tellTest({
        type: 'answer',
        id: message.id,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      }),
  );
});
// The test is gone: nobody will ever end this process but itself.
process.on('disconnect', () => process.exit(0));

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // An app that handles the signal itself is left alone.
    if (process.listenerCount(signal) === 1) app.quit();
  });
}
// Electron shows an uncaught error in a dialog and goes on.
process.on('uncaughtException', (error) => {
  record('uncaught-exception', { error });
  console.error('electron-standin: uncaught exception in main:', error);
});
process.on('unhandledRejection', (reason) => {
  record('unhandled-rejection', { error: reason });
  console.error('electron-standin: unhandled rejection in main:', reason);
});

const slow = setTimeout(
  () => record('main-still-loading', { why: 'the entry has not been evaluated to its end; ready waits for it' }),
  5000,
);
try {
  await import(pathToFileURL(config.mainEntry).href);
  clearTimeout(slow);
  record('main-loaded');
  await app.becomeReady();
  const browser = await lifecycle.browser;
  if (browser !== undefined && lifecycle.ready) watchDownloads(browser.connection.browser);
} catch (error) {
  clearTimeout(slow);
  record('main-failed', { error });
  console.error('electron-standin: main could not be loaded:', error);
  const browser = await lifecycle.browser?.catch(() => undefined);
  browser?.kill();
  process.exit(1);
}
