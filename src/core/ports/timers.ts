export type CancelTimer = () => void;

/** The only way in which the core waits. A simulator fires the timers itself. */
export interface TimersPort {
  /** Calls `run` once, not before `delayMs` have passed; never synchronously. Cancelling twice does nothing. */
  after(delayMs: number, run: () => void): CancelTimer;
  /** Resolves when what was begun so far has gone out, a request for instance, and before anything new comes in. */
  sent(): Promise<void>;
}
