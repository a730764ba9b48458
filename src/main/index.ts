import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { readConfiguration } from './configuration.ts';
import { LINK_SCHEME } from './deep-link.ts';
import { runDesktop } from './desktop.ts';
import { schemePrivileges } from './scheme.ts';
import { languageOf, texts } from './texts.ts';

// Composition root of the desktop host. What must come before the program is ready stands here, in this order: sandbox,
// scheme, folders, the lock of the one instance.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([schemePrivileges]);
app.setAppUserModelId('pe.chasqui.console');

const configuration = readConfiguration(process.env, app.getPath('userData'));
if (!configuration.ok) {
  dialog.showErrorBox(texts[languageOf(app.getLocale())].failedTitle, configuration.error);
  app.exit(2);
} else {
  // The lock and the page's storage belong to the data folder: two folders are two consoles.
  app.setPath('userData', join(configuration.value.dataDir, 'electron'));
  if (app.requestSingleInstanceLock()) {
    // `--` ends the switches of the registered command line: nothing in a link is read as one.
    app.setAsDefaultProtocolClient(
      LINK_SCHEME,
      process.execPath,
      app.isPackaged ? ['--'] : [import.meta.filename, '--'],
    );
    runDesktop(configuration.value).catch((error: unknown) => {
      process.stderr.write(`chasqui: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(70);
    });
  } else app.quit();
}
