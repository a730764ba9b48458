import type { TimersPort } from '../core/ports/timers.ts';

/** Longest delay of a timer; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;
export const nodeTimers: TimersPort = {
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), LONGEST_MS));
    return () => clearTimeout(timer);
  },
  // Chains of promises that are ready run first, then what these put behind the turn, all before the next event.
  sent: () => Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve))),
};
