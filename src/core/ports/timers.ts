export type CancelTimer = () => void;

/** The only way in which the core waits. A simulator fires the timers itself. */
export interface TimersPort {
  /** Calls `run` once, not before `delayMs` have passed; never synchronously. Cancelling twice does nothing. */
  after(delayMs: number, run: () => void): CancelTimer;
}
