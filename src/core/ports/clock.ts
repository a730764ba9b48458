/** Time as the core may see it. The three readings are taken apart: a wall clock jumps, the monotonic one does not. */
export interface ClockPort {
  /** Device wall clock, whole epoch milliseconds. Shown and sent, never used to order anything. */
  now(): number;
  /** Milliseconds since boot of a clock that never goes back, suspension included where the platform has it. */
  monotonicMs(): number;
  /** Changes with every boot of the machine: monotonic readings compare within one boot only. At most 64 characters. */
  bootId(): string;
}
