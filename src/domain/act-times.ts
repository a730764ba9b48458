import type { ActTimes } from './decision.ts';
import type { Instant } from './vocabulary.ts';

/** What a command says of time: see the wire's envelope. */
export interface DeclaredTime {
  readonly deviceAt: Instant;
  /** Store time − device time in ms at the last contact before the act; null before the first. */
  readonly lastOffset: number | null;
}

/** Beyond this the device's clock counts as off, and the screen says so. */
export const SKEW_LIMIT_MS = 120_000;

/**
 * The time of the act, in the store's time: the device's clock corrected by the offset of its last contact, never after
 * the receipt (SY15). A source with its own clock (an import) says when it happened itself.
 */
export function deriveTimes(time: DeclaredTime, recordedAt: Instant | null, onBehalfAt: Instant | null): ActTimes {
  if (onBehalfAt !== null) {
    return { occurredAt: notAfter(onBehalfAt, recordedAt), deviceAt: onBehalfAt, recordedAt, timeQuality: 'good' };
  }
  const corrected = Math.round(time.deviceAt + (time.lastOffset ?? 0));
  const quality = time.lastOffset === null ? 'unknown' : Math.abs(time.lastOffset) > SKEW_LIMIT_MS ? 'skewed' : 'good';
  return { occurredAt: notAfter(corrected, recordedAt), deviceAt: time.deviceAt, recordedAt, timeQuality: quality };
}

const notAfter = (at: Instant, recordedAt: Instant | null): Instant =>
  recordedAt === null ? at : Math.min(at, recordedAt);
