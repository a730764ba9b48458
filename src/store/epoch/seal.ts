import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LogMark } from '../../protocol/sync/messages.ts';

/** What seals the places of a desk's log: its present epoch and the key that only its database holds. */
export interface SealingDesk {
  readonly epoch: string;
  readonly sealKey: string;
}

/** Seals by what they are of: every answer carries one, and the head of a log is asked for far more often than it moves. */
const known = new Map<string, string>();
const KNOWN_AT_MOST = 256;

/** HMAC-SHA-256 over epoch, place and hash, in lower-case hex. */
export function sealOf({ epoch, sealKey }: SealingDesk, seq: number, hash: string): string {
  const place = `${epoch} ${seq} ${hash}`;
  const key = `${sealKey} ${place}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const seal = createHmac('sha256', sealKey).update(place).digest('hex');
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(key, seal);
  return seal;
}

/** A place of the desk's log as it goes out to consoles. */
export const markOf = (desk: SealingDesk, { seq, hash }: { readonly seq: number; readonly hash: string }): LogMark => ({
  epoch: desk.epoch,
  seq,
  hash,
  seal: sealOf(desk, seq, hash),
});

/** Whether this desk sealed the mark, in whatever epoch the mark names. */
export function isSealed(sealKey: string, mark: LogMark): boolean {
  const right = Buffer.from(sealOf({ epoch: mark.epoch, sealKey }, mark.seq, mark.hash), 'hex');
  const given = Buffer.from(mark.seal, 'hex');
  return given.length === right.length && timingSafeEqual(given, right);
}

/**
 * The log was put back to an older state of this very epoch: it does not have the mark. The hello that follows brings the mark as the proof.
 * One whose seal is wrong proves nothing, there as here: a console that holds a damaged one would be sent back for ever.
 */
export const isPutBack = (desk: SealingDesk, mark: LogMark | undefined, hashAtMark: string | null): boolean =>
  mark !== undefined && mark.epoch === desk.epoch && mark.hash !== hashAtMark && isSealed(desk.sealKey, mark);
