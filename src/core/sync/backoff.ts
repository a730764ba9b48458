export const BACKOFF_BASE_MS = 1_000;
export const BACKOFF_CAP_MS = 60_000;

/**
 * Full jitter: uniform in [0, min(cap, base·2^attempt)), so that a thousand consoles that lost the same store come back spread out.
 * A `Retry-After` is honoured in full and the jitter comes on top of it.
 */
export function backoffMs(attempt: number, fraction: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.round((retryAfterMs ?? 0) + fraction * ceiling);
}
