import type { CoreDeps } from '../deps.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { backoffMs } from './backoff.ts';
import { retryAfterOf } from './failure-reactions.ts';
import { createScope, createSignal, type Scope } from './signal.ts';
import type { Status } from './status.ts';

/** When the next contact is tried: failed attempts, the wait that they make, and whatever ends it early. */
export interface RetryClock {
  /** No attempt has failed since the last sound contact, or since somebody asked for one. */
  readonly fresh: boolean;
  /** A contact begins: whoever woke before it has been heard, and does not cut the wait after it short. */
  began(): void;
  /** One more has failed, with no wait for it. */
  count(): void;
  /** One more has failed: waits, shown as the next attempt, until it is time or somebody wakes. */
  backOff(failure: TokenFailure | null): Promise<void>;
  /** Waits so long, shown; with no time given until somebody wakes. */
  wait(delayMs?: number): Promise<void>;
  reset(): void;
  /** Attempts count from zero again, and whoever waits goes on. */
  wake(): void;
}

export function createRetryClock(
  deps: Pick<CoreDeps, 'timers' | 'random'>,
  status: Pick<Status, 'nextIn'>,
  life: Scope,
): RetryClock {
  const woken = createSignal(deps.timers);
  let attempts = 0;
  const over = createScope();
  over.close();

  async function wait(delayMs?: number): Promise<void> {
    if (delayMs !== undefined) status.nextIn(delayMs);
    await woken.wait(life, delayMs);
    if (delayMs !== undefined) status.nextIn(null);
  }
  return {
    get fresh() {
      return attempts === 0;
    },
    began() {
      // A wait that is over at once takes a latched wake-up with it.
      void woken.wait(over);
    },
    count() {
      attempts += 1;
    },
    async backOff(failure) {
      attempts += 1;
      await wait(backoffMs(attempts - 1, deps.random.fraction(), retryAfterOf(failure)));
    },
    wait,
    reset() {
      attempts = 0;
    },
    wake() {
      attempts = 0;
      woken.raise();
    },
  };
}
