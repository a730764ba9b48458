import type { ChangeStore } from './change-reads.ts';

/** What the reading side of the store is made of. */
export interface ChangeDeps {
  readonly changes: ChangeStore;
  readonly now: () => number;
}
