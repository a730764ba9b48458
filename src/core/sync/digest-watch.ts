import type { DirectoryEntity } from '../../domain/directory.ts';
import type { StoreRow } from '../ports/store-client.ts';
import type { TimersPort } from '../ports/timers.ts';
import type { Touched } from './digest-compare.ts';
import { createSignal, type Scope } from './signal.ts';

/** Between the pull, which changes the base, and the check of the base: the check leaves out what the pull touched meanwhile. */
export interface DigestWatch {
  /** A pull said that there is no more. */
  caughtUp(): void;
  /** Resolves once a pull has caught up since the last wait, or when `scope` closes. */
  wait(scope: Scope): Promise<void>;
  /** A pull changed these in the base. */
  touch(ticketIds: Iterable<string>, rows: readonly StoreRow[]): void;
  /** Everything touched from now on, live. */
  begin(): Touched;
}

export function createDigestWatch(timers: TimersPort): DigestWatch {
  const signal = createSignal(timers);
  let tickets = new Set<string>();
  let directory = new Set<DirectoryEntity>();
  return {
    caughtUp: signal.raise,
    wait: (scope) => signal.wait(scope),
    touch(ticketIds, rows) {
      for (const id of ticketIds) tickets.add(id);
      for (const { entity } of rows) if (entity !== 'ticket' && entity !== 'entry') directory.add(entity);
    },
    begin() {
      tickets = new Set();
      directory = new Set();
      return { tickets, directory };
    },
  };
}
