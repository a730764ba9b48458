import { createHash } from 'node:crypto';

/** A window is opened within seconds; a link read from a terminal within minutes. */
const TOKEN_LIFE_MS = 10 * 60_000;
const MOST_OPEN_TOKENS = 64;
const MOST_SESSIONS = 64;

interface TokenDeps {
  /** 32 random bytes in base64url. */
  random(): string;
  /** Monotonic milliseconds: a wrong wall clock neither prolongs nor kills a token. */
  now(): number;
}

export interface LaunchTokens {
  /** A new token for one window. */
  issue(): string;
  /** Trades a token for a session; null when it is unknown, used or too old. It is used up either way. */
  redeem(token: string): string | null;
  holds(session: string): boolean;
}

/** Tokens and sessions of one run of the host. Kept as hashes: neither a dump nor the time of a comparison gives one away. */
export function createLaunchTokens(deps: TokenDeps): LaunchTokens {
  const expiryByHash = new Map<string, number>();
  const sessions = new Set<string>();
  return {
    issue() {
      const token = deps.random();
      expiryByHash.set(digest(token), deps.now() + TOKEN_LIFE_MS);
      dropOldest(expiryByHash, MOST_OPEN_TOKENS);
      return token;
    },
    redeem(token) {
      const hash = digest(token);
      const expiry = expiryByHash.get(hash);
      expiryByHash.delete(hash);
      if (expiry === undefined || deps.now() > expiry) return null;
      const session = deps.random();
      sessions.add(digest(session));
      dropOldest(sessions, MOST_SESSIONS);
      return session;
    },
    holds: (session) => sessions.has(digest(session)),
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function dropOldest(
  kept: { size: number; keys(): Iterable<string>; delete(key: string): boolean },
  most: number,
): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(key);
  }
}
