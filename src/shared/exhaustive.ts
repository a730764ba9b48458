/** Reaching this at run time is a bug: every member of the union must have been handled before. */
export function exhaustive(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
