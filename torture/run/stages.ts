import type { Evidence } from './evidence.ts';

/** What is waited for at the moment, in words: a stage that does not end names it. */
export interface Waits {
  on<T>(what: string, work: Promise<T>): Promise<T>;
  pending(): readonly string[];
}
export function createWaits(): Waits {
  const waiting = new Set<{ readonly what: string }>();
  return {
    async on(what, work) {
      const one = { what };
      waiting.add(one);
      try {
        return await work;
      } finally {
        waiting.delete(one);
      }
    },
    pending: () => [...waiting].map(({ what }) => what),
  };
}

/** The run goes from one to the next whatever becomes of them, so that it always ends with a report. */
export interface Stages {
  /**
   * One stage. Rejecting is a breach, and so is lasting longer than `limitMs`: its signal is aborted then, and nobody waits for it any more.
   *
   * @returns null where it did not come to its end
   */
  run<T>(name: string, limitMs: number, work: (late: AbortSignal) => Promise<T>): Promise<T | null>;
}
export function createStages(evidence: Pick<Evidence, 'accuse'>, waits: Waits): Stages {
  return {
    async run(name, limitMs, work) {
      const limit = new AbortController();
      const tooLate = Promise.withResolvers<null>();
      const timer = setTimeout(() => {
        const pending = waits.pending();
        const waited = pending.length === 0 ? 'for nothing that has a name' : `for ${pending.join(', ')}`;
        evidence.accuse('HANG', `${name} did not end within ${Math.round(limitMs / 1000)} s; it waited ${waited}`);
        limit.abort();
        tooLate.resolve(null);
      }, limitMs);
      const worked = work(limit.signal).catch((error: unknown) => {
        if (!limit.signal.aborted) evidence.accuse('BUG', `${name} failed: ${String(error)}`);
        return null;
      });
      try {
        return await Promise.race([worked, tooLate.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
