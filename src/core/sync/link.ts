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

/** Calls with a valid token; one that the store no longer takes is renewed once. A second refusal ends the session. */
export async function authorized<T>(
  keeper: SessionKeeper,
  call: (accessToken: string) => Promise<Result<T, StoreFailure>>,
): Promise<Result<T, TokenFailure>> {
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
