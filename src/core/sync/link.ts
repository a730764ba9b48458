import { err, type Result } from '../../shared/result.ts';
import type { StoreFailure } from '../ports/store-client.ts';
import type { SessionKeeper, TokenFailure } from '../session-keeper.ts';
import { createScope, type Scope } from './signal.ts';

/** Why a contact ended: a failure, or null when the engine itself ended it. */
export type LinkEnd = TokenFailure | null;

/** One contact with the store, from a hello to the first failure that concerns all of it. */
export interface Link extends Scope {
  fail(failure: TokenFailure): void;
  close(): void;
  readonly ended: Promise<LinkEnd>;
}

export function createLink(): Link {
  const scope = createScope();
  let end: LinkEnd = null;
  const ended = new Promise<LinkEnd>((resolve) => {
    scope.onClose(() => resolve(end));
  });
  return {
    get closed() {
      return scope.closed;
    },
    onClose: scope.onClose,
    ended,
    close: scope.close,
    fail(failure) {
      if (!scope.closed) end = failure;
      scope.close();
    },
  };
}

/** The promise, or `offline` as soon as the scope closes: whoever closed it does not wait for a request that hangs. */
export function unlessClosed<T, F>(
  scope: Scope,
  asked: Promise<Result<T, F>>,
): Promise<Result<T, F | { readonly kind: 'offline' }>> {
  return new Promise((resolve, reject) => {
    const unhook = scope.onClose(() => resolve(err({ kind: 'offline' })));
    asked.then(resolve, reject).finally(unhook);
  });
}

/**
 * The parts as they come, and no more once the scope closes, however long the next one takes. A part that was read is held by nobody here: one promise
 * for the whole of a stream, raced against each part, would keep them all.
 */
export async function* untilClosed<T>(scope: Scope, parts: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = parts[Symbol.asyncIterator]();
  let stopWaiting = () => {};
  const unhook = scope.onClose(() => stopWaiting());
  try {
    while (!scope.closed) {
      const next = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        stopWaiting = () => resolve({ done: true, value: undefined });
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    unhook();
    // Not awaited: a request that hangs ends when it hears of it, or by its own time-out.
    iterator.return?.().catch(() => {});
  }
}

/**
 * Calls with a valid token; one that the store no longer takes is renewed once. A second refusal ends the session. With a scope, its
 * closing ends the wait: the request itself may still reach the store, which knows what it has seen.
 */
export async function authorized<T, F extends { readonly kind: string } = StoreFailure>(
  keeper: SessionKeeper,
  call: (accessToken: string) => Promise<Result<T, StoreFailure | F>>,
  scope?: Scope,
): Promise<Result<T, TokenFailure | F>> {
  if (scope !== undefined) return unlessClosed(scope, authorized(keeper, call));
  for (let attempt = 0; ; attempt += 1) {
    const token = await keeper.accessToken();
    if (!token.ok) return token;
    const answer = await call(token.value);
    if (answer.ok) return answer;
    if (answer.error.kind === 'sessionRevoked') keeper.markExpired();
    if (answer.error.kind !== 'unauthenticated') return answer;
    if (attempt > 0) return err({ kind: 'rejected', code: 'freshTokenRefused' });
    keeper.invalidate(token.value);
  }
}
