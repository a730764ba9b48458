import type { CancelTimer } from '../../src/core/ports/timers.ts';
import { drain } from './drain.ts';

/** Virtual time of one history: a binary heap of what is due, fired in order of time, then of entry. */
export interface Scheduler {
  /** True time in epoch milliseconds: what the stores go by. */
  now(): number;
  /** `run` is called once, `delayMs` from now in whole milliseconds, as clocks have them, never synchronously; what it made ready runs before the next event. */
  after(delayMs: number, run: () => void): CancelTimer;
  /** Fires all that is due up to this instant, and stands there after; `between` is asked after each event whether to go on. */
  runUntil(instant: number, between: () => boolean): void;
  /** Events fired so far. */
  fired(): number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export function createScheduler(start: number): Scheduler {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;
  let fired = 0;

  function push(entry: Entry): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Entry;
      if (before(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  function pop(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (before(last, heap[child] as Entry)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
  }

  return {
    now: () => now,
    fired: () => fired,
    after(delayMs, run) {
      const entry: Entry = { at: now + Math.max(0, Math.ceil(delayMs)), order, run };
      order += 1;
      push(entry);
      return () => {
        entry.run = null;
      };
    },
    runUntil(instant, between) {
      drain();
      if (!between()) return;
      for (let next = heap[0]; next !== undefined && next.at <= instant; next = heap[0]) {
        pop();
        const { run } = next;
        if (run === null) continue;
        now = Math.max(now, next.at);
        next.run = null;
        fired += 1;
        run();
        drain();
        if (!between()) return;
      }
      now = Math.max(now, instant);
    },
  };
}
