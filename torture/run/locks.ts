/** Work on the same things goes one after another, in the order in which it was asked for. */
export interface Locks {
  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Everything asked for so far is done. */
  idle(): Promise<void>;
}

export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(keys, work) {
      const before = Promise.all(keys.map((key) => tails.get(key)));
      const done = before.then(work);
      const settled = done.catch(() => undefined);
      for (const key of keys) tails.set(key, settled);
      return done;
    },
    async idle() {
      await Promise.all(tails.values());
    },
  };
}
