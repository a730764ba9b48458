import { chmod } from 'node:fs/promises';
import { type Ending, listenForEnd } from './ending.ts';
import type { LinkOptions, RunOptions } from './options.ts';
import { askRunning } from './running-console.ts';
import { printAddress, say } from './words.ts';

/** Prints another one-time address of the running console. Returns the exit code. */
export async function printLink(options: LinkOptions, dir: string): Promise<number> {
  const found = await askRunning(dir, 'link');
  if (found.kind === 'running') {
    printAddress(found.url, options.json);
    return 0;
  }
  say(found.kind === 'none' ? 'no console runs on that folder' : impostorSentence(found.port));
  return 1;
}

/** Runs the console until it is told to end, or shows the one that runs already. Returns the exit code. */
export async function runPortable(options: RunOptions, dir: string): Promise<number> {
  const ending = listenForEnd();
  try {
    return await showOrServe(options, dir, ending);
  } finally {
    ending.forget();
  }
}

async function showOrServe(options: RunOptions, dir: string, ending: Ending): Promise<number> {
  await chmod(dir, 0o700);
  const found = await askRunning(dir, options.open ? 'show' : 'link');
  if (found.kind === 'running') {
    say('this folder has a console running already; it was asked for a window');
    printAddress(found.url, options.json);
    // A program that reads the address counts on a process to end; this one owns nothing.
    if (options.json) await ending.told;
    return 0;
  }
  if (found.kind === 'impostor') {
    say(impostorSentence(found.port));
    if (found.port === options.port) return 1;
  }
  // Only now what makes a console: another window must not wait for it.
  const { serve } = await import('./serve.ts');
  return serve(options, dir, ending);
}

const impostorSentence = (port: number) =>
  `port ${port}, where this folder's console was, is answered by a program that is not it; nothing was sent to it`;
