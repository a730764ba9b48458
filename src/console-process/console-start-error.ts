import type { ConsoleError } from '../protocol/console/client.ts';

/** The console refused to start; nothing was changed. `code` says why, for the host's sentence. */
export class ConsoleStartError extends Error {
  readonly code: ConsoleError['code'];
  constructor({ code }: ConsoleError) {
    super(`the console could not start: ${code}`);
    this.name = 'ConsoleStartError';
    this.code = code;
  }
}
