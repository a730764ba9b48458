/** Counts failures by key in a sliding window; forgets keys that are quiet. One store process bounds its own. */
export interface AttemptLimiter {
  /** Milliseconds until another attempt is allowed; 0: now. */
  waitMs(key: string): number;
  fail(key: string): void;
  clear(key: string): void;
}

export function createAttemptLimiter(options: {
  max: number;
  windowMs: number;
  maxKeys: number;
  now: () => number;
}): AttemptLimiter {
  const failures = new Map<string, number[]>();
  const recent = (key: string) => (failures.get(key) ?? []).filter((at) => at > options.now() - options.windowMs);
  return {
    waitMs: (key) => {
      const times = recent(key);
      const oldest = times.at(-options.max);
      return oldest === undefined ? 0 : Math.max(0, oldest + options.windowMs - options.now());
    },
    fail: (key) => {
      const times = [...recent(key), options.now()].slice(-options.max);
      failures.delete(key);
      failures.set(key, times);
      // The key that was quiet the longest goes first.
      for (const oldest of failures.keys()) {
        if (failures.size <= options.maxKeys) break;
        failures.delete(oldest);
      }
    },
    clear: (key) => {
      failures.delete(key);
    },
  };
}
