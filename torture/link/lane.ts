import type { Socket } from 'node:net';
import type { Chance } from '../../simulator/time/chance.ts';
import { drawLoss, drawRange } from './draw.ts';
import type { DirectionFaults, LinkCounts } from './faults.ts';

/** More than this under way, and the sender has to wait, as for a window of TCP. */
const WINDOW = 1 << 20;
/** A drip is so many pieces a second at least. */
const DRIPS_A_SECOND = 20;
/** How late a timer may be and the rate still be made good. */
const LATE_MS = 100;

/** One direction of one connection: what is taken is delivered in order, as late as the faults say. */
export interface Lane {
  take(piece: Buffer): void;
  /** Its sender has nothing more: said on, behind all that was taken. */
  end(): void;
  /** The faults are others now: what is under way is late no longer. */
  hurry(): void;
  /** Forgets what is under way and delivers nothing any more. */
  stop(): void;
}

interface Deps {
  readonly from: Socket;
  readonly to: Socket;
  readonly chance: Chance;
  readonly counts: LinkCounts;
  /** What is taken before leaves then, by `performance.now()`. */
  readonly opensAt: number;
  readonly faults: () => DirectionFaults;
  /** Writes a piece to `to`, or the part of it that may still arrive. */
  deliver(piece: Buffer): void;
}

export function createLane({ from, to, chance, counts, opensAt, faults, deliver }: Deps): Lane {
  let underWay: { readonly piece: Buffer; at: number }[] = [];
  let bytesUnderWay = 0;
  let lastAt = 0;
  let leavesAt = opensAt;
  /** The line is busy with a drip until then. */
  let freeAt = 0;
  let over: 'no' | 'ending' | 'stopped' = 'no';
  let timer: NodeJS.Timeout | null = null;
  let full = false;

  function pump(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (let head = underWay[0]; head !== undefined && over !== 'stopped'; head = underWay[0]) {
      if (to.writableNeedDrain) {
        if (!full) to.once('drain', goOn);
        full = true;
        return;
      }
      const at = Math.max(head.at, freeAt);
      const now = performance.now();
      if (at > now) {
        timer = setTimeout(pump, at - now);
        return;
      }
      underWay.shift();
      bytesUnderWay -= head.piece.length;
      const { bytesPerSecond } = faults();
      if (bytesPerSecond !== undefined) {
        counts.dripped += 1;
        freeAt = Math.max(at, now - LATE_MS) + (head.piece.length * 1_000) / bytesPerSecond;
      }
      deliver(head.piece);
    }
    if (from.isPaused() && bytesUnderWay <= WINDOW / 2) from.resume();
    if (over === 'ending' && underWay.length === 0) to.end();
  }

  function goOn(): void {
    full = false;
    pump();
  }

  return {
    take(whole) {
      if (over !== 'no') return;
      const { delayMs, loss, bytesPerSecond } = faults();
      const size =
        bytesPerSecond === undefined ? whole.length : Math.max(1, Math.ceil(bytesPerSecond / DRIPS_A_SECOND));
      const delay = delayMs === undefined ? 0 : drawRange(chance, delayMs);
      for (let start = 0; start < whole.length; start += size) {
        const piece = whole.subarray(start, start + size);
        const repeated = drawLoss(chance, piece.length, loss);
        if (delay > 0) counts.delayed += 1;
        counts.lost += repeated.lost;
        counts.lostMs += repeated.ms;
        lastAt = Math.max(lastAt, Math.max(leavesAt, performance.now()) + delay) + repeated.ms;
        underWay.push({ piece, at: lastAt });
      }
      bytesUnderWay += whole.length;
      if (bytesUnderWay > WINDOW) from.pause();
      pump();
    },
    end() {
      if (over === 'no') over = 'ending';
      pump();
    },
    hurry() {
      for (const one of underWay) one.at = 0;
      lastAt = 0;
      leavesAt = 0;
      freeAt = 0;
      pump();
    },
    stop() {
      over = 'stopped';
      underWay = [];
      bytesUnderWay = 0;
      if (timer !== null) clearTimeout(timer);
      if (from.isPaused()) from.resume();
    },
  };
}
