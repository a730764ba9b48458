import { fstatSync } from 'node:fs';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface Ending {
  /** Resolves once this process is told to end. */
  readonly told: Promise<void>;
  /** Stops listening, so that a process with nothing left to do can end by itself. */
  forget(): void;
}

/**
 * Listens for SIGTERM, SIGINT and SIGHUP, and for the program that started this one to go away: its end of our stdin closes.
 * A terminal or an empty stdin is nobody's end. Keeps the process alive until told or forgotten.
 */
export function listenForEnd(): Ending {
  const { promise, resolve } = Promise.withResolvers<void>();
  const keepAlive = setInterval(() => {}, 1 << 30);
  for (const signal of SIGNALS) process.on(signal, () => resolve());
  if (stdinIsALine()) {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => resolve());
    process.stdin.resume();
  }
  return {
    told: promise,
    forget() {
      clearInterval(keepAlive);
      process.stdin.destroy();
    },
  };
}

/** A pipe or a socket from another program. */
function stdinIsALine(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
