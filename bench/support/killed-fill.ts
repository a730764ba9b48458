import type { BenchAccount } from './desk.ts';
import { runUnseen } from './unseen-console.ts';

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
  account: BenchAccount,
  kill: { readonly after: number; readonly delayMs: number },
): Promise<KilledFill> {
  const first = await runUnseen({ storeUrl, dataDir, account, kill });
  const second = await runUnseen({ storeUrl, dataDir });
  const before = new Set(first.pages);
  const again = second.pages.filter((page) => before.has(page)).length;
  return { pages: new Set([...first.pages, ...second.pages]).size, before: before.size, again };
}
