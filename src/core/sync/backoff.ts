export const BACKOFF_BASE_MS = 1_000;
export const BACKOFF_CAP_MS = 60_000;
/** Never at once: a run of small draws must not become a hot loop. */
export const BACKOFF_FLOOR_MS = 100;

/**
 * Full jitter: uniform in [floor, min(cap, base·2^attempt)), so that a thousand consoles that lost the same store come back spread out.
 * A `Retry-After` is honoured in full and the jitter comes on top of it.
 */
export function backoffMs(attempt: number, fraction: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.round((retryAfterMs ?? 0) + Math.max(BACKOFF_FLOOR_MS, fraction * ceiling));
}
