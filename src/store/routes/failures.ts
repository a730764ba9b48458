import type { FastifyReply } from 'fastify';
import type { StoreErrorBody, StoreErrorCode } from '../../protocol/sync/auth.ts';
import { CHECKSUM_MISMATCH } from '../../protocol/sync/blobs.ts';

const statusByCode: Record<StoreErrorCode, number> = {
  badRequest: 400,
  unauthenticated: 401,
  badCredentials: 401,
  tooManyAttempts: 429,
  sessionRevoked: 401,
  deviceRevoked: 401,
  forbidden: 403,
  notFound: 404,
  passwordTooWeak: 400,
  FORK: 409,
  EPOCH: 409,
  SCOPE: 409,
  protocolTooOld: 400,
  tooLarge: 413,
  uploadOffset: 409,
  tooManyUploads: 429,
  checksumMismatch: CHECKSUM_MISMATCH,
  storageFull: 507,
  deskFull: 507,
  notArrived: 409,
  busy: 503,
  unavailable: 503,
  internal: 500,
};

const messages: Record<StoreErrorCode, string> = {
  badRequest: 'the request does not have the agreed form',
  unauthenticated: 'an access token is needed, or this one is over',
  badCredentials: 'user or password are not right',
  tooManyAttempts: 'too many attempts: wait',
  sessionRevoked: 'the session was ended: sign in again',
  deviceRevoked: 'this device was revoked',
  forbidden: 'not allowed',
  notFound: 'there is no such thing',
  passwordTooWeak: 'the password is too easy to guess',
  FORK: 'the chain of commands does not go on from what the store has',
  EPOCH: 'the cursor belongs to another epoch: fill again',
  SCOPE: 'the scope changed: fill again',
  protocolTooOld: 'this console is too old to read from this store',
  tooLarge: 'the body is too large',
  uploadOffset: 'the upload does not stand there: ask where it stands',
  tooManyUploads: 'too many bytes under way: finish other uploads first',
  checksumMismatch: 'the file is not what was said: it was dropped',
  storageFull: 'there is no room for the file now: try again later',
  deskFull: 'the files of this desk are as many bytes as it may have: try again later',
  notArrived: 'the file is still with its author',
  busy: 'too busy: try again',
  unavailable: 'the database is not there: try again',
  internal: 'an error of the store',
};

/** When to try again, in milliseconds, where trying again may help. */
const waits: Partial<Record<StoreErrorCode, number>> = {
  busy: 2_000,
  unavailable: 2_000,
  tooManyUploads: 30_000,
  storageFull: 60_000,
  deskFull: 300_000,
};

export interface FailureOptions {
  readonly details?: NonNullable<StoreErrorBody['error']['details']>;
  readonly retryAfterMs?: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the error body that it was answered with. */
    failureCode: StoreErrorCode | null;
  }
}

/** Sends the error body that every failure of the store has. `code` decides; the message is for logs. */
export function fail(reply: FastifyReply, code: StoreErrorCode, options: FailureOptions = {}): FastifyReply {
  const body: StoreErrorBody = {
    error: { code, message: messages[code], ...(options.details === undefined ? {} : { details: options.details }) },
  };
  reply.request.failureCode = code;
  const wait = options.retryAfterMs ?? waits[code] ?? null;
  if (wait !== null) reply.header('retry-after', String(Math.ceil(wait / 1000)));
  return reply.code(statusByCode[code]).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
