import type { ConsoleError, ConsoleErrorCode } from '../protocol/console/client.ts';
import { type Err, err } from '../shared/result.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import type { StoreFailure } from './ports/store-client.ts';

export const failed = (code: ConsoleErrorCode, params: ConsoleError['params'] = {}): Err<ConsoleError> =>
  err({ code, params });

const storageCodes: Record<StorageFailure['code'], ConsoleErrorCode> = {
  diskFull: 'diskFull',
  readOnly: 'readOnly',
  ioError: 'ioError',
  corrupt: 'ioError',
};
export const storageError = (failure: StorageFailure): Err<ConsoleError> => failed(storageCodes[failure.code]);

const storeCodes: Record<StoreFailure['kind'], ConsoleErrorCode> = {
  offline: 'offline',
  unauthenticated: 'sessionExpired',
  sessionRevoked: 'sessionExpired',
  deviceRevoked: 'deviceRevoked',
  badCredentials: 'badCredentials',
  passwordTooWeak: 'passwordTooWeak',
  retryAfter: 'offline',
  fork: 'internal',
  epoch: 'internal',
  scope: 'internal',
  tooLarge: 'badRequest',
  consoleTooOld: 'internal',
  storeTooOld: 'internal',
  certificateUntrusted: 'certificateUntrusted',
  proxyAuthRequired: 'proxyAuthRequired',
  rejected: 'badRequest',
  broken: 'offline',
};
/**
 * A local write that failed, as the connection shows it. Of the outbox: one that is damaged cannot be made anew, so it is a disk in
 * trouble like any other.
 */
export const troubleOf = ({ code }: StorageFailure): Exclude<StorageFailure['code'], 'corrupt'> =>
  code === 'corrupt' ? 'ioError' : code;

/** What a person is told when a call that needs the store failed. */
export function storeError(failure: StoreFailure): Err<ConsoleError> {
  if (failure.kind !== 'retryAfter') return failed(storeCodes[failure.kind]);
  const params: ConsoleError['params'] = failure.ms === null ? {} : { seconds: Math.ceil(failure.ms / 1000) };
  return failed(failure.attempts ? 'tooManyAttempts' : 'offline', params);
}
