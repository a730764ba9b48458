/** Throws when an invariant of our own code does not hold. Never for input from outside: that gets a typed error. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
