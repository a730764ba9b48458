import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LogMark } from '../../protocol/sync/messages.ts';

/** What seals the places of a desk's log: its present epoch and the key that only its database holds. */
export interface SealingDesk {
  readonly epoch: string;
  readonly sealKey: string;
}

/** HMAC-SHA-256 over epoch, place and hash, in lower-case hex. */
export const sealOf = ({ epoch, sealKey }: SealingDesk, seq: number, hash: string): string =>
  createHmac('sha256', sealKey).update(`${epoch} ${seq} ${hash}`).digest('hex');

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
