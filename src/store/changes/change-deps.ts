import type { ChangeStore } from './change-reads.ts';

/** What the reading side of the store is made of. */
export interface ChangeDeps {
  readonly changes: ChangeStore;
  readonly now: () => number;
  /** Oldest console that is still answered when it reads; the one of `versions.ts` unless a test says otherwise. */
  readonly minProtocol?: number | undefined;
}
