/** Resolves when this process is told to end: a signal, or (where asked) the end of stdin, which comes with the parent's. */
export function untilTold(options: { watchStdin: boolean }): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
    if (!options.watchStdin) return;
    process.stdin.once('end', () => resolve('the end of stdin'));
    process.stdin.once('error', () => resolve('an error of stdin'));
    process.stdin.resume();
  });
}
