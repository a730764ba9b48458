/** Both ends included; one number is itself. What is drawn from it is drawn anew each time. */
export type Range = number | readonly [from: number, to: number];

/** What one direction of the link does to what passes. All of it also to connections that are open already. */
export interface DirectionFaults {
  /** Time that every byte is under way, in milliseconds. Order is kept, so jitter never overtakes. */
  readonly delayMs?: Range;
  /**
   * Loss as TCP shows it: a pause and all that follows behind it. Each segment of 1,460 bytes is lost with this chance, again
   * and again (at most six times); the waits are `baseMs`, twice that, four times that …
   */
  readonly loss?: { readonly chance: number; readonly baseMs?: number };
  /** Slow drip. */
  readonly bytesPerSecond?: number;
}

/** What becomes of a connection after a number of its bytes, both directions counted as they are delivered. */
export interface Doom {
  /** Part of the connections, drawn when they open; 1 if left out. */
  readonly chance?: number;
  readonly afterBytes: Range;
}

/** How a connection ends: with a reset, with an orderly end that comes too early, or as drawn. */
export type CutKind = 'rst' | 'fin' | 'either';

export interface LinkFaults {
  /**
   * How much later a connection carries its first byte: the handshake, a round trip that loopback does not take. For connections opened from
   * now on.
   */
  readonly openMs?: Range;
  /** From the console to the store. */
  readonly up?: DirectionFaults;
  /** From the store to the console. */
  readonly down?: DirectionFaults;
  /** Cuts in the middle of whatever is passing: exactly the drawn number of bytes arrives. For connections opened from now on. */
  readonly cut?: Doom & { readonly kind?: CutKind };
  /** Every so often all connections that are open are cut. */
  readonly cutEvery?: { readonly ms: Range; readonly kind?: CutKind };
  /** Goes on taking what is sent and delivers none of it; neither end is told, and nothing heals it. For connections opened from now on. */
  readonly halfOpen?: Doom;
  /** What an inspecting proxy does to `text/event-stream`: nothing of it arrives before so many bytes or so much time. */
  readonly holdStreams?: { readonly bytes: number; readonly ms: number };
  /**
   * `refused`: what is open is cut, what is new is reset. `silent`: everything is swallowed; connections that met it stay dead when it is over, as
   * after a router that forgot them.
   */
  readonly outage?: 'refused' | 'silent';
}

/** What has been done so far. Connections that were cut because their other end closed are no faults and not counted. */
export interface LinkCounts {
  connections: number;
  /** Delivered. */
  bytesUp: number;
  bytesDown: number;
  /** Segments lost at least once, and what that cost in all. */
  lost: number;
  lostMs: number;
  /** Pieces that were under way for longer because of `delayMs`. */
  delayed: number;
  /** Pieces that passed at the speed of a drip. */
  dripped: number;
  /** However they came to be cut: these two together are all of them. */
  cutRst: number;
  cutFin: number;
  /** Of those that were cut: in the middle of what was passing, by `cutEvery`, by an outage. */
  cutMiddle: number;
  cutTimed: number;
  cutByOutage: number;
  /** Connections that went on for one end only, or for none. */
  halfOpened: number;
  /** Of these: swallowed by a silent outage. */
  silenced: number;
  /** Event streams that were held back at least once. */
  heldStreams: number;
  /** Connections reset at the door by an outage. */
  refused: number;
  /** Connections reset because the store took none. */
  unreachable: number;
}

export const noCounts = (): LinkCounts => ({
  connections: 0,
  bytesUp: 0,
  bytesDown: 0,
  lost: 0,
  lostMs: 0,
  delayed: 0,
  dripped: 0,
  cutRst: 0,
  cutFin: 0,
  cutMiddle: 0,
  cutTimed: 0,
  cutByOutage: 0,
  halfOpened: 0,
  silenced: 0,
  heldStreams: 0,
  refused: 0,
  unreachable: 0,
});
