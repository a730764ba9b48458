import type { CoreDeps } from '../deps.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { backoffMs } from './backoff.ts';
import { retryAfterOf } from './failure-reactions.ts';
import type { Scope } from './signal.ts';

/** Resolves after `ms`, or as soon as the scope closes. */
export function pause(deps: Pick<CoreDeps, 'timers'>, scope: Scope, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      unhook();
      resolve();
    };
    const cancel = deps.timers.after(ms, done);
    // A closed scope calls back at once, before the constants below are set: hence through a microtask.
    let unhook = () => {};
    if (scope.closed) Promise.resolve().then(done);
    else unhook = scope.onClose(done);
  });
}

/** Backoff of one loop, apart from the contact's own. */
export interface LoopBackoff {
  wait(scope: Scope, failure: TokenFailure | null): Promise<void>;
  /** @param failures that the next wait is drawn as after; the first of all is under a ceiling of one second (C40) */
  reset(failures?: number): void;
}
export function createLoopBackoff(deps: Pick<CoreDeps, 'timers' | 'random'>): LoopBackoff {
  let attempt = 0;
  return {
    wait(scope, failure) {
      const ms = backoffMs(attempt, deps.random.fraction(), retryAfterOf(failure));
      attempt += 1;
      return pause(deps, scope, ms);
    },
    reset(failures = 0) {
      attempt = failures;
    },
  };
}
