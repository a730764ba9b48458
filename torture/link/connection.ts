import type { Socket } from 'node:net';
import type { Chance } from '../../simulator/time/chance.ts';
import { drawDoom, drawKind, drawRange } from './draw.ts';
import { createEventStreamHold } from './event-stream-hold.ts';
import type { CutKind, LinkCounts, LinkFaults } from './faults.ts';
import { createLane } from './lane.ts';

/** How long an end may take to answer a FIN that came too early. */
const FIN_MS = 1_000;

/** One connection of a console with the store, and what the link does to it. */
export interface Connection {
  /** @returns false when it had been cut before */
  cut(kind?: CutKind): boolean;
  /** From now on it swallows: neither end hears of the other again. @returns false when it was not open any more */
  strand(): boolean;
  /** The link's faults are others now. */
  hurry(): void;
  /** Ends both, and is counted as nothing: the link itself is taken down. */
  drop(): void;
}

interface Deps {
  /** The console's end. */
  readonly near: Socket;
  /** The store's end; it may still be connecting. */
  readonly far: Socket;
  readonly chance: Chance;
  readonly counts: LinkCounts;
  readonly faults: () => LinkFaults;
}

/** Takes charge of both sockets until they are closed. */
export function joinConnection({ near, far, chance, counts, faults }: Deps): Connection {
  const { cut: cutFault, halfOpen, openMs } = faults();
  const cutAt = drawDoom(chance, cutFault);
  const strandAt = drawDoom(chance, halfOpen);
  const opensAt = openMs === undefined ? 0 : performance.now() + drawRange(chance, openMs);
  let delivered = 0;
  let state: 'open' | 'stranded' | 'cut' = 'open';
  let connected = false;

  /** Delivers what may still arrive, and then lets happen what was to happen here. */
  const deliverTo = (to: Socket, counter: 'bytesUp' | 'bytesDown') => (piece: Buffer) => {
    const part = piece.subarray(0, Math.min(cutAt, strandAt) - delivered);
    delivered += part.length;
    counts[counter] += part.length;
    if (part.length > 0) to.write(part);
    if (delivered >= cutAt) {
      if (cut(cutFault?.kind)) counts.cutMiddle += 1;
    } else if (delivered >= strandAt) strand();
  };
  const up = createLane({
    from: near,
    to: far,
    chance,
    counts,
    opensAt,
    faults: () => faults().up ?? {},
    deliver: deliverTo(far, 'bytesUp'),
  });
  const down = createLane({
    from: far,
    to: near,
    chance,
    counts,
    opensAt,
    faults: () => faults().down ?? {},
    deliver: deliverTo(near, 'bytesDown'),
  });
  const streams = createEventStreamHold({
    rule: () => faults().holdStreams,
    pass: down.take,
    onFirstHeld: () => {
      counts.heldStreams += 1;
    },
  });

  function stop(next: 'stranded' | 'cut'): void {
    state = next;
    up.stop();
    down.stop();
    streams.drop();
  }
  function cut(kind?: CutKind): boolean {
    if (state === 'cut') return false;
    stop('cut');
    const drawn = drawKind(chance, kind);
    counts[drawn === 'rst' ? 'cutRst' : 'cutFin'] += 1;
    for (const socket of [near, far]) {
      if (drawn === 'rst') socket.resetAndDestroy();
      else endEarly(socket);
    }
    return true;
  }
  function strand(): boolean {
    if (state !== 'open') return false;
    stop('stranded');
    counts.halfOpened += 1;
    return true;
  }
  function watch(socket: Socket, other: Socket, take: (piece: Buffer) => void, end: () => void): void {
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => {
      if (state === 'open') take(piece);
    });
    socket.on('end', () => {
      // Whoever left a dead connection is gone; the other end is not told.
      if (state === 'open') end();
      else socket.destroy();
    });
    socket.on('error', () => {
      if (state !== 'open') return;
      if (socket === far && !connected) counts.unreachable += 1;
      stop('cut');
      other.resetAndDestroy();
    });
  }

  far.once('connect', () => {
    connected = true;
  });
  watch(near, far, up.take, up.end);
  watch(far, near, streams.take, () => {
    streams.release();
    down.end();
  });
  return {
    cut,
    strand,
    hurry() {
      if (state !== 'open') return;
      if (faults().holdStreams === undefined) streams.release();
      up.hurry();
      down.hurry();
    },
    drop() {
      stop('cut');
      near.destroy();
      far.destroy();
    },
  };
}

/** What was written arrives, then FIN; an end that does not answer it is let go. */
function endEarly(socket: Socket): void {
  socket.end();
  const timer = setTimeout(() => socket.destroy(), FIN_MS);
  socket.once('close', () => clearTimeout(timer));
}
