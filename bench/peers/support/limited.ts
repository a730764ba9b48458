/** What a work within its time gave, or how far it came. */
export type Limited<T> =
  | { readonly over: false; readonly value: T }
  | { readonly over: true; readonly limitMs: number; readonly reached: string };

export interface Limit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Runs `end` when the time is over, at once when it is already: the work ends its processes and may reject. */
  onOver(end: () => unknown): void;
  /** In words, for the report of a work that did not get to its end. */
  reached(words: string): void;
}

/** Runs `work` for at most `limitMs`. When over, it is waited for until it has cleaned up; what it gives then is not used. */
export async function limited<T>(limitMs: number, work: (limit: Limit) => Promise<T>): Promise<Limited<T>> {
  const stop = new AbortController();
  let words = 'nothing';
  const timer = setTimeout(() => stop.abort(), limitMs);
  const limit: Limit = {
    signal: stop.signal,
    onOver: (end) => {
      if (stop.signal.aborted) end();
      else stop.signal.addEventListener('abort', end, { once: true });
    },
    reached: (next) => {
      words = next;
    },
  };
  try {
    const value = await work(limit);
    if (!stop.signal.aborted) return { over: false, value };
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  return { over: true, limitMs, reached: words };
}

/** `work`, or a rejection once the time is over: for works that nothing of ours can end from outside. */
export function orOver<T>(limit: Limit, work: Promise<T>): Promise<T> {
  const over = new Promise<never>((_, reject) => limit.onOver(() => reject(new Error('over the limit'))));
  return Promise.race([work, over]);
}
