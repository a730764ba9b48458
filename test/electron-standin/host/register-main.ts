import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { config } from './config.ts';
import { versions } from './versions.ts';

// Loaded before main: replaces the module `electron`, for import and require alike, and makes the process
// look as Electron's main process does.

const module = new URL('./electron-main.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main' || specifier === 'electron/common'
      ? { url: module, shortCircuit: true }
      : next(specifier, context),
});

const facts: { readonly [name: string]: unknown } = {
  versions,
  type: 'browser',
  defaultApp: true,
  sandboxed: false,
  contextIsolated: false,
  resourcesPath: join(config.appPath, 'resources'),
};
for (const [name, value] of Object.entries(facts))
  Object.defineProperty(process, name, { value, configurable: true, writable: true });
// Electron is given the folder of the app; Node was given the stand-in's own entry.
process.argv[1] = config.appPath;
// A child that main forks is a plain Node process, not another stand-in.
process.execArgv.length = 0;
