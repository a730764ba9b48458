import type { Reporter } from '@playwright/test/reporter';
import { electronChoice } from './electron-console.ts';

/** Says, in the line before the closing one, which Electron the `electron` project ran on. */
export default class WhichElectron implements Reporter {
  onEnd(): void {
    const name = electronChoice.kind === 'real' ? `Electron at ${electronChoice.path}` : 'the stand-in for Electron';
    process.stdout.write(`\nProject electron ran on ${name}: ${electronChoice.why}.\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
