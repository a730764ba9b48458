import type { ToConsole } from '../console/wire.ts';

const ANSWERED = 5;
let seen = 0;

/** A console that answers no act any more after so many of them, and does not end either. */
export function hangs({ method }: Extract<ToConsole, { kind: 'call' }>): boolean {
  if (method === 'acts.submit') seen += 1;
  return seen > ANSWERED;
}
