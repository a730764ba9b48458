import type { ClockPort } from '../../../src/core/ports/clock.ts';
import type { TimersPort } from '../../../src/core/ports/timers.ts';
import { T0 } from '../world.ts';

/** Lets every chain of promises that is ready run to its next wait. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface VirtualTime {
  /** True time, which the store goes by. */
  readonly now: () => number;
  readonly timers: TimersPort;
  /** A device's clock: `skewMs` may change at will, the monotonic reading begins anew with `bootedAt` (true time) only. */
  clockOf(device: { skewMs: number; bootId: string; bootedAt?: number }): ClockPort;
  /** Moves time on, firing what is due in order, promises settled after each. */
  advance(ms: number): Promise<void>;
  readonly pendingTimers: () => number;
}

export function createVirtualTime(): VirtualTime {
  let now = T0;
  let sequence = 0;
  const queue = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => now,
    timers: {
      after(delayMs, run) {
        const key = sequence++;
        queue.set(key, { at: now + Math.max(0, delayMs), run });
        return () => void queue.delete(key);
      },
    },
    clockOf: (device) => ({
      now: () => now + device.skewMs,
      monotonicMs: () => now - (device.bootedAt ?? T0) + 5_000,
      bootId: () => device.bootId,
    }),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const due = [...queue.entries()].filter(([, timer]) => timer.at <= until);
        const next = due.sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (next === undefined) break;
        queue.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].run();
        await settle();
      }
      now = until;
    },
    pendingTimers: () => queue.size,
  };
}
