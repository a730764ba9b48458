/**
 * Lets every chain of promises that is ready run to its next wait, without leaving the thread: Node's own end-of-callback
 * step, so a whole history is one synchronous piece of work and nothing from outside can come between two events of it.
 * It does nothing inside a microtask, hence `fromMacrotask`.
 */
const tick: unknown = Reflect.get(process, '_tickCallback');

export function drain(): void {
  if (typeof tick !== 'function') throw new Error('this Node has no way to run its microtasks at once');
  tick.call(process);
}

/** Runs `work` where `drain` works: at the start of a turn of the event loop. */
export function fromMacrotask<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Throws where `drain` would silently do nothing. */
export function assertDrains(): void {
  let ran = false;
  queueMicrotask(() => {
    ran = true;
  });
  drain();
  if (!ran) throw new Error('a history cannot run inside a microtask: use fromMacrotask');
}
