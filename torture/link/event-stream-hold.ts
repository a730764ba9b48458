import type { LinkFaults } from './faults.ts';

/** Sees what the store answers and keeps event streams back, as a proxy does that inspects whole answers. */
export interface EventStreamHold {
  /** Takes a piece of the answer; it is passed on now or later, in order. */
  take(piece: Buffer): void;
  /** Passes on what is held: the stream is over, or the fault is. */
  release(): void;
  /** Forgets what is held. */
  drop(): void;
}

interface Deps {
  readonly rule: () => LinkFaults['holdStreams'];
  pass(piece: Buffer): void;
  onFirstHeld(): void;
}

/** Heads are told by where they stand: an answer begins a read of its own, since nobody asks again before the last one is whole. */
export function createEventStreamHold({ rule, pass, onFirstHeld }: Deps): EventStreamHold {
  let streaming = false;
  let told = false;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | null = null;

  function drop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    held = [];
    heldBytes = 0;
  }
  function release(): void {
    const whole = Buffer.concat(held);
    drop();
    if (whole.length > 0) pass(whole);
  }
  function hold(piece: Buffer, { bytes, ms }: NonNullable<LinkFaults['holdStreams']>): void {
    if (!told) onFirstHeld();
    told = true;
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes >= bytes) release();
    else timer ??= setTimeout(release, ms);
  }

  return {
    take(piece) {
      if (piece.subarray(0, 7).toString('latin1') === 'HTTP/1.') {
        release();
        streaming = isEventStream(piece);
        told = false;
      }
      const now = rule();
      if (!streaming || now === undefined) {
        release();
        pass(piece);
        return;
      }
      hold(piece, now);
      if (piece.subarray(-5).toString('latin1') !== '0\r\n\r\n') return;
      streaming = false;
      release();
    },
    release,
    drop,
  };
}

function isEventStream(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.subarray(0, end === -1 ? answer.length : end).toString('latin1');
  return /^content-type:\s*text\/event-stream/imu.test(head);
}
