import { fstatSync } from 'node:fs';

/** A parent that wants its end noticed gives a pipe or a socket. A terminal, a file, /dev/null say nothing by ending. */
function stdinIsLine(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}

/** Resolves when this process is told to end: a signal, or (where asked) the end of stdin, which comes with the parent's. */
export function untilTold(options: { watchStdin: boolean }): Promise<string> {
  const watch = options.watchStdin && stdinIsLine();
  return new Promise((resolve) => {
    const told = (reason: string) => {
      // A stdin that is still open would keep the process alive after everything has stopped.
      if (watch) process.stdin.destroy();
      resolve(reason);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => told(signal));
    if (!watch) return;
    process.stdin.once('end', () => told('the end of stdin'));
    process.stdin.once('error', () => told('an error of stdin'));
    process.stdin.resume();
  });
}
