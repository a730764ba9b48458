import { record } from './recorder.ts';
import { strict } from './unimplemented.ts';

let text = '';
let html = '';

/** A clipboard of its own: tests in parallel must not share the machine's. */
export const clipboard = strict('clipboard', {
  readText: (): string => text,
  writeText: (value: string): void => {
    text = value;
    html = '';
    record('clipboard.writeText', { text: value });
  },
  readHTML: (): string => html,
  writeHTML: (value: string): void => {
    html = value;
  },
  write: (data: { text?: string; html?: string }): void => {
    text = data.text ?? '';
    html = data.html ?? '';
    record('clipboard.write', { text, html });
  },
  availableFormats: (): string[] => [...(text === '' ? [] : ['text/plain']), ...(html === '' ? [] : ['text/html'])],
  clear: (): void => {
    text = '';
    html = '';
  },
});
