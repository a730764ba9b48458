/**
 * SY13: while a history runs, whoever asks the machine for time, chance or a timer of its own is thrown out. All of it is put back
 * after; a history is synchronous, so nobody else runs meanwhile.
 */
export function guarded<T>(work: () => T): T {
  const no = (what: string) => (): never => {
    throw new Error(`SY13: ${what} inside a history`);
  };
  const realDate = globalThis.Date;
  const puts: (() => void)[] = [];
  const put = (target: object, name: string, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
    puts.push(() => {
      // What came from a prototype is uncovered again.
      if (before === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, before);
    });
  };
  const fixedDate = new Proxy(realDate, {
    construct(target, args: unknown[]) {
      if (args.length === 0) throw new Error('SY13: new Date() inside a history');
      return Reflect.construct(target, args) as object;
    },
    apply: no('Date()'),
    get: (target, name) => (name === 'now' ? no('Date.now') : Reflect.get(target, name)),
  });
  put(globalThis, 'Date', fixedDate);
  put(Math, 'random', no('Math.random'));
  put(performance, 'now', no('performance.now'));
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) put(globalThis, name, no(name));
  for (const name of ['randomUUID', 'getRandomValues']) put(globalThis.crypto, name, no(`crypto.${name}`));
  try {
    return work();
  } finally {
    for (const undo of puts.reverse()) undo();
  }
}
