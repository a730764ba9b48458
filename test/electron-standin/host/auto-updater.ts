import { record } from './recorder.ts';
import { StrictEmitter, strict } from './unimplemented.ts';

/** Electron's own updater does nothing on Linux; electron-updater only raises an event on it before it installs. */
class AutoUpdater extends StrictEmitter {
  constructor() {
    super(
      'autoUpdater',
      ['before-quit-for-update'],
      ['checking-for-update', 'update-available', 'update-not-available', 'update-downloaded'],
    );
  }
  quitAndInstall(): void {
    record('autoUpdater.quitAndInstall');
  }
}

export const autoUpdater = strict('autoUpdater', new AutoUpdater());
