import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url));
const run = promisify(execFile);

/** The store's own command line, in a process of its own. @returns what it printed; rejects with its words when it failed */
export async function storeTool(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [main, ...args], { maxBuffer: 64_000_000 });
  return stdout;
}
