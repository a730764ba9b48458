import type { TokenFailure } from '../session-keeper.ts';
import type { ConnectionEvent } from './connection-machine.ts';

/**
 * What a failure means for the contact as a whole. `ends`: the contact is over, with the event shown; `own`: the loop that met
 * it waits and tries again by itself, the others go on (a push that is told to wait does not stop the pull, nor the other way
 * round); `hello`: the contact starts again at once, since only a new hello tells what to do.
 */
export type Reaction =
  | { readonly kind: 'ends'; readonly event: ConnectionEvent }
  | { readonly kind: 'own' }
  | { readonly kind: 'hello' };

const ends = (event: ConnectionEvent): Reaction => ({ kind: 'ends', event });

/** Total over the kinds of failure. */
export const reactions: Record<TokenFailure['kind'], Reaction> = {
  offline: ends('lost'),
  noSession: ends('expired'),
  unauthenticated: ends('lost'),
  sessionRevoked: ends('expired'),
  deviceRevoked: ends('revoked'),
  badCredentials: ends('expired'),
  passwordTooWeak: ends('lost'),
  retryAfter: { kind: 'own' },
  fork: { kind: 'hello' },
  epoch: { kind: 'hello' },
  scope: { kind: 'hello' },
  tooLarge: { kind: 'own' },
  consoleTooOld: ends('consoleTooOld'),
  storeTooOld: ends('storeTooOld'),
  certificateUntrusted: ends('certificate'),
  proxyAuthRequired: ends('proxy'),
  rejected: { kind: 'own' },
  broken: { kind: 'own' },
};

export const retryAfterOf = (failure: TokenFailure | null): number | null =>
  failure?.kind === 'retryAfter' ? failure.ms : null;
