import { fstatSync } from 'node:fs';

/**
 * Resolves on SIGTERM, SIGINT or SIGHUP, and when the program that started this one goes away: its end of our stdin closes.
 * A terminal or an empty stdin is nobody's end.
 */
export function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      // Waiting for a line that is closed or will stay open must not keep the process alive.
      process.stdin.destroy();
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end);
    if (!stdinIsALine()) {
      const keepAlive = setInterval(() => {}, 1 << 30);
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
        process.once(signal, () => clearInterval(keepAlive));
      return;
    }
    process.stdin.on('error', end);
    process.stdin.once('close', end);
    process.stdin.once('end', end);
    process.stdin.resume();
  });
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
