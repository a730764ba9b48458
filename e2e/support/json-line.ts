import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The first line of a child's stdout that begins with `{`, parsed. Rejects when the child ends before it. */
export function firstJsonLine(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('the child has no stdout to read');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line));
    });
    child.once('exit', (code, signal) => reject(new Error(`ended before it was ready (${code ?? signal})`)));
    child.once('error', reject);
  });
}
