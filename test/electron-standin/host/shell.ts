import { record } from './recorder.ts';
import { strict } from './unimplemented.ts';

const outcomes: Array<string | null> = [];

/** What the desktop will say to the next launch. */
export function setShellOutcome(error: string | null): void {
  outcomes.push(error);
}

/** Nothing is ever launched: what would be is recorded. */
export const shell = strict('shell', {
  openExternal: async (url: string, options: object = {}): Promise<void> => {
    record('shell.openExternal', { url, options });
    const error = outcomes.shift() ?? null;
    if (error !== null) throw new Error(error);
  },
  openPath: async (path: string): Promise<string> => {
    record('shell.openPath', { path });
    return outcomes.shift() ?? '';
  },
  showItemInFolder: (path: string): void => record('shell.showItemInFolder', { path }),
  trashItem: async (path: string): Promise<void> => record('shell.trashItem', { path }),
  beep: (): void => record('shell.beep'),
});
