import type { CoreDeps } from '../deps.ts';
import { backoffMs } from '../sync/backoff.ts';
import { createScope, type OwnedScope, type Scope } from '../sync/signal.ts';

/** Files that failed by themselves, and when each may be tried again: over contacts, in this process only. */
export interface PutOff {
  /** Milliseconds until this file may be tried; 0: now. */
  leftMs(attachmentId: string): number;
  /** So many are known, tried again by now or not. */
  count(): number;
  /** It failed once more. `atLeastMs`: what it was asked to wait, the jitter comes on top (C40). */
  failed(attachmentId: string, atLeastMs: number | null): void;
  /** Failures in a row. */
  failures(attachmentId: string): number;
  forget(attachmentId: string): void;
  /** A wait of all files: `wait` is given a scope that closes with this one, and when somebody asks to go on now. */
  resting(scope: Scope, wait: (rest: Scope) => Promise<void>): Promise<void>;
  /** Somebody asks to go on now: nothing is put off any more. */
  clear(): void;
}

export function createPutOff({ clock, random }: Pick<CoreDeps, 'clock' | 'random'>): PutOff {
  /** Until when, on the monotonic clock. */
  const byFile = new Map<string, { readonly failures: number; readonly until: number }>();
  const rests = new Set<OwnedScope>();
  const failures = (attachmentId: string): number => byFile.get(attachmentId)?.failures ?? 0;
  return {
    leftMs: (attachmentId) => Math.max(0, (byFile.get(attachmentId)?.until ?? 0) - clock.monotonicMs()),
    count: () => byFile.size,
    failed(attachmentId, atLeastMs) {
      const before = failures(attachmentId);
      const until = clock.monotonicMs() + backoffMs(before, random.fraction(), atLeastMs);
      byFile.set(attachmentId, { failures: before + 1, until });
    },
    failures,
    forget: (attachmentId) => void byFile.delete(attachmentId),
    async resting(scope, wait) {
      const rest = createScope();
      const unhook = scope.onClose(rest.close);
      rests.add(rest);
      try {
        await wait(rest);
      } finally {
        rests.delete(rest);
        unhook();
      }
    },
    clear() {
      byFile.clear();
      for (const rest of [...rests]) rest.close();
    },
  };
}
