import { record } from './recorder.ts';
import { strict } from './unimplemented.ts';

const switches = new Map<string, string>();
for (const arg of process.argv.slice(2)) {
  const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
  if (match?.[1] !== undefined) switches.set(match[1], match[2] ?? '');
}

/** `app.commandLine`: read from the arguments; what main appends is recorded, Chromium's own flags stay fixed. */
export const commandLine = strict('app.commandLine', {
  appendSwitch: (name: string, value = ''): void => {
    switches.set(name, value);
    record('commandLine.appendSwitch', { name, value });
  },
  appendArgument: (value: string): void => record('commandLine.appendArgument', { value }),
  hasSwitch: (name: string): boolean => switches.has(name),
  getSwitchValue: (name: string): string => switches.get(name) ?? '',
  removeSwitch: (name: string): void => {
    switches.delete(name);
  },
});
