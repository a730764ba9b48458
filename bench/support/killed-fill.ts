import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const child = join(import.meta.dirname, 'fill-child.ts');

export interface KilledFill {
  /** Pages of the whole fill, and how many the first process had received when it was killed. */
  readonly pages: number;
  readonly before: number;
  /** Pages that both processes received whole. */
  readonly again: number;
}

/**
 * A fill killed (SIGKILL) after `after` pages and some milliseconds, then gone on with by another process to its end.
 * Both tell which pages they received whole, so what was fetched twice is counted by name.
 */
export async function killedFill(
  storeUrl: string,
  dataDir: string,
  account: { user: string; password: string },
  { after, delayMs }: { readonly after: number; readonly delayMs: number },
): Promise<KilledFill> {
  const first = await run([storeUrl, dataDir, account.user, account.password], { after, delayMs });
  const second = await run([storeUrl, dataDir], null);
  const before = new Set(first);
  const again = second.filter((page) => before.has(page)).length;
  return { pages: new Set([...first, ...second]).size, before: before.size, again };
}

/** Pages in the order in which they came, until the process is killed or up to date. */
async function run(args: readonly string[], kill: { after: number; delayMs: number } | null): Promise<string[]> {
  const console = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pages: string[] = [];
  const ended = once(console, 'exit');
  for await (const line of createInterface({ input: console.stdout })) {
    if (line.startsWith('page ')) pages.push(line);
    if (pages.length === kill?.after) setTimeout(() => console.kill('SIGKILL'), kill.delayMs);
    if (line === 'online') console.kill('SIGTERM');
  }
  await ended;
  return pages;
}
