import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const ACCESS_TOKEN_MS = 15 * 60_000;

/** `<session id>.<secret>`: the id finds the row, the secret is compared with its hash. */
export interface TokenParts {
  readonly sessionId: string;
  readonly token: string;
}

const TOKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[A-Za-z0-9_-]{43}$/;

export function readToken(text: string): TokenParts | null {
  const match = TOKEN.exec(text);
  return match?.[1] === undefined ? null : { sessionId: match[1], token: text };
}

/** The tokens carry 256 random bits, so a plain hash is enough. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export function matchesHash(token: string, hash: string | null): boolean {
  if (hash === null) return false;
  const [a, b] = [Buffer.from(hashToken(token), 'hex'), Buffer.from(hash, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

export const newRefreshToken = (sessionId: string): string => `${sessionId}.${randomBytes(32).toString('base64url')}`;

const derive = (sessionId: string, secret: string, purpose: string): string =>
  `${sessionId}.${createHmac('sha256', secret).update(purpose).digest('base64url')}`;

/**
 * Follows from the token that it replaces and the request, so the same request can be given the same successor again
 * while the database holds hashes only.
 */
export const successorOf = (sessionId: string, refreshToken: string, requestId: string): string =>
  derive(sessionId, refreshToken, `refresh ${requestId}`);

/** The access token that belongs to a refresh token. */
export const accessTokenOf = (sessionId: string, refreshToken: string): string =>
  derive(sessionId, refreshToken, 'access');
