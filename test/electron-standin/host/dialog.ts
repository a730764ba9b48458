import { plain, record } from './recorder.ts';
import { strict } from './unimplemented.ts';

type Open = { method: string; resolve(value: unknown): void };
const open: Open[] = [];
const answers: Array<{ method: string; value: unknown }> = [];

/** The person at the screen answers: the oldest open dialog of that method, else the next that opens. */
export function answerDialog(method: string, value: unknown): void {
  const at = open.findIndex((entry) => entry.method === method);
  if (at < 0) answers.push({ method, value });
  else for (const entry of open.splice(at, 1)) entry.resolve(value);
}

function show(method: string, args: readonly unknown[]): Promise<unknown> {
  record(`dialog.${method}`, { options: plain(optionsOf(args)) });
  const ready = takeAnswer(method);
  if (ready !== undefined) return Promise.resolve(ready.value);
  return new Promise((resolve) => open.push({ method, resolve }));
}

/** A synchronous dialog cannot wait here: without a prepared answer it is as if the person pressed Escape. */
function showSync(method: string, args: readonly unknown[], pressed: unknown): unknown {
  record(`dialog.${method}`, { options: plain(optionsOf(args)) });
  const ready = takeAnswer(method);
  return ready === undefined ? pressed : ready.value;
}

function takeAnswer(method: string): { value: unknown } | undefined {
  const at = answers.findIndex((entry) => entry.method === method);
  return at < 0 ? undefined : answers.splice(at, 1)[0];
}

function optionsOf(args: readonly unknown[]): unknown {
  return args.at(-1);
}

function cancelOf(args: readonly unknown[]): number {
  const options = optionsOf(args);
  if (typeof options !== 'object' || options === null || !('cancelId' in options)) return 0;
  return Number(options.cancelId ?? 0);
}

export const dialog = strict('dialog', {
  showMessageBox: (...args: unknown[]) => show('showMessageBox', args),
  showOpenDialog: (...args: unknown[]) => show('showOpenDialog', args),
  showSaveDialog: (...args: unknown[]) => show('showSaveDialog', args),
  showMessageBoxSync: (...args: unknown[]) => showSync('showMessageBoxSync', args, cancelOf(args)),
  showOpenDialogSync: (...args: unknown[]) => showSync('showOpenDialogSync', args, undefined),
  showSaveDialogSync: (...args: unknown[]) => showSync('showSaveDialogSync', args, ''),
  showErrorBox: (title: string, content: string): void => record('dialog.showErrorBox', { title, content }),
});
