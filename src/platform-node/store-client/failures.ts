import type { StoreFailure } from '../../core/ports/store-client.ts';
import {
  forkDetailsSchema,
  handInDetailsSchema,
  type StoreErrorCode,
  storeErrorSchema,
} from '../../protocol/sync/auth.ts';

/** Codes by which OpenSSL and Node say that a certificate is not to be trusted. */
const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** A request that got no answer, by the code of its error and, of a proxy's refusal, by the status that comes with it. */
export function failureOfError(error: unknown): StoreFailure {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return { kind: 'offline' };
  if (certificateCodes.has(error.code)) return { kind: 'certificateUntrusted' };
  const status = 'statusCode' in error ? error.statusCode : null;
  if (error.code === 'ERR_PROXY_TUNNEL' && status === 407) return { kind: 'proxyAuthRequired' };
  return { kind: 'offline' };
}

/** Statuses with which a gateway says that it did not reach the store, when the body is not the store's. */
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * An answer with an error status. The code of the store's body decides; without one, what stands between is taken to have
 * answered.
 *
 * @param retryAfter milliseconds that the answer asks to wait; a gateway's own request to wait counts like the store's.
 */
export function failureOfAnswer(status: number, retryAfter: number | null, body: unknown): StoreFailure {
  if (status === 407) return { kind: 'proxyAuthRequired' };
  const parsed = storeErrorSchema.safeParse(body);
  if (!parsed.success) {
    if (gatewayStatuses.has(status))
      return retryAfter === null ? { kind: 'offline' } : { kind: 'retryAfter', ms: retryAfter, attempts: false };
    if (status === 404 || status === 405) return { kind: 'storeTooOld' };
    if (status === 413) return { kind: 'tooLarge' };
    if (status === 429) return { kind: 'retryAfter', ms: retryAfter, attempts: false };
    return status >= 500 ? { kind: 'broken' } : { kind: 'rejected', code: String(status) };
  }
  const { code, details } = parsed.data.error;
  return failureOfCode(code, details, retryAfter);
}

function failureOfCode(code: StoreErrorCode, details: unknown, ms: number | null): StoreFailure {
  switch (code) {
    case 'unauthenticated':
    case 'sessionRevoked':
    case 'badCredentials':
    case 'passwordTooWeak':
      return { kind: code };
    case 'tooLarge':
      return { kind: code, byStore: true };
    case 'deviceRevoked': {
      const handIn = handInDetailsSchema.safeParse(details);
      return handIn.success ? { kind: 'deviceRevoked', handIn: handIn.data.accessToken } : { kind: 'deviceRevoked' };
    }
    case 'tooManyAttempts':
      return { kind: 'retryAfter', ms, attempts: true };
    case 'busy':
    case 'unavailable':
      return { kind: 'retryAfter', ms, attempts: false };
    case 'storageFull':
    case 'tooManyUploads':
    case 'deskFull':
      return { kind: 'retryAfter', ms, attempts: false, why: code };
    case 'FORK': {
      const fork = forkDetailsSchema.safeParse(details);
      return fork.success ? { kind: 'fork', ...fork.data } : { kind: 'broken' };
    }
    case 'EPOCH':
      return { kind: 'epoch' };
    case 'SCOPE':
      return { kind: 'scope' };
    case 'protocolTooOld':
      return { kind: 'consoleTooOld' };
    case 'notFound':
      return { kind: 'storeTooOld' };
    case 'internal':
      return { kind: 'broken' };
    case 'badRequest':
    case 'forbidden':
    case 'uploadOffset':
    case 'checksumMismatch':
    case 'notArrived':
      return { kind: 'rejected', code };
  }
}
