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
      sent: () => Promise.resolve(),
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
        // Keys grow with time, and the map keeps their order: the first of the earliest is the one that was set first.
        let next: { readonly key: number; readonly at: number; readonly run: () => void } | null = null;
        for (const [key, { at, run }] of queue)
          if (at <= until && (next === null || at < next.at)) next = { key, at, run };
        if (next === null) break;
        queue.delete(next.key);
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      now = until;
    },
    pendingTimers: () => queue.size,
  };
}
