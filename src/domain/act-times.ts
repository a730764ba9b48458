import type { ActTimes } from './decision.ts';
import type { Instant } from './vocabulary.ts';

/** What a command says of time: see the wire's envelope. */
export interface DeclaredTime {
  readonly deviceAt: Instant;
  /** Store time − device time in ms at the last contact before the act; null before the first. */
  readonly lastOffset: number | null;
}

/** Where the monotonic clock of the sender stood as it sent: the same boot as that of an act tells how long ago the act was. */
export interface SenderClock {
  readonly bootId: string;
  readonly monotonicMs: number;
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

/**
 * What a command says of time, mended by what its sender knows now. An act of the sender's present boot is as old as its monotonic clock
 * says, whatever the wall clock was made to say before or after and however late an offset was measured. Where the declared
 * offset agrees within the limit it stands: the journey of the message does not count.
 */
export function mendedTime(
  time: DeclaredTime & SenderClock,
  sender: SenderClock | null,
  receivedAt: Instant,
): DeclaredTime {
  if (sender === null || sender.bootId !== time.bootId || sender.monotonicMs < time.monotonicMs) return time;
  const lastOffset = receivedAt - (sender.monotonicMs - time.monotonicMs) - time.deviceAt;
  if (time.lastOffset !== null && Math.abs(lastOffset - time.lastOffset) <= SKEW_LIMIT_MS) return time;
  return { deviceAt: time.deviceAt, lastOffset };
}
