/** A function that makes again only for other arguments than last time: what it makes is the same object meanwhile. */
export function keepLast<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly made: R } | null = null;
  return (...args) => {
    if (last === null || !args.every((arg, index) => arg === last?.args[index])) last = { args, made: make(...args) };
    return last.made;
  };
}
