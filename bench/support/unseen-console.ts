import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchAccount } from './desk.ts';

const child = join(import.meta.dirname, 'fill-child.ts');

/** What a console without a screen asked for and got, until it was ended. */
export interface UnseenRun {
  /** Pages of a fill that came whole, by name, in order. */
  readonly pages: readonly string[];
  readonly pulls: number;
  /** Rows that pulls brought, and tickets that they took away. */
  readonly rows: number;
  readonly removed: number;
  /** Commands sent, those that were sent again counted again. */
  readonly pushed: number;
  /** From the start of its core; null: it was killed before. */
  readonly onlineMs: number | null;
  readonly drainedMs: number | null;
}

export interface UnseenOptions {
  readonly storeUrl: string;
  readonly dataDir: string;
  /** Signs in; without one it goes on with the session of the folder. */
  readonly account?: BenchAccount;
  /** SIGKILL so many milliseconds after so many pages; else it ends by itself when it is up to date and nothing waits. */
  readonly kill?: { readonly after: number; readonly delayMs: number };
  /** The moment in which it is up to date and nothing waits. */
  onDrained?(): void;
}

/** Runs the product's core in a process of its own until it is up to date, or until it is killed. */
export async function runUnseen({ storeUrl, dataDir, account, kill, onDrained }: UnseenOptions): Promise<UnseenRun> {
  const signIn = account === undefined ? [] : [account.user, account.password];
  const console = spawn(process.execPath, [child, storeUrl, dataDir, ...signIn], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(console, 'exit');
  const pages: string[] = [];
  const seen = { pulls: 0, rows: 0, removed: 0, pushed: 0 };
  let onlineMs: number | null = null;
  let drainedMs: number | null = null;
  for await (const line of createInterface({ input: console.stdout })) {
    const [word, first, second] = line.split(' ');
    switch (word) {
      case 'page':
        pages.push(line);
        if (pages.length === kill?.after) setTimeout(() => console.kill('SIGKILL'), kill.delayMs);
        break;
      case 'pull':
        seen.pulls += 1;
        seen.rows += Number(first);
        seen.removed += Number(second);
        break;
      case 'push':
        seen.pushed += Number(first);
        break;
      case 'online':
        onlineMs = Number(first);
        break;
      case 'drained':
        drainedMs = Number(first);
        onDrained?.();
        console.kill('SIGTERM');
    }
  }
  await ended;
  if (kill === undefined && drainedMs === null)
    throw new Error('a console without a screen ended before it was up to date');
  return { pages, ...seen, onlineMs, drainedMs };
}
