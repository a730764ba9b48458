import { storageFailureOf } from './sqlite/storage-failure.ts';

/** Notes what reads of a file meet: one that throws because the file is damaged still throws, and is remembered. */
export interface DamageWatch {
  /** A read found the file damaged since the last `mended`. */
  found(): boolean;
  mended(): void;
  /** The same methods, watched; what they give is handed on as it is. */
  over<T extends object>(methods: T): T;
}

export function createDamageWatch(): DamageWatch {
  let damaged = false;
  return {
    found: () => damaged,
    mended() {
      damaged = false;
    },
    over: (methods) =>
      new Proxy(methods, {
        get(target, name, receiver) {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]): unknown => {
            try {
              return Reflect.apply(method, target, args);
            } catch (error) {
              if (storageFailureOf(error)?.code === 'corrupt') damaged = true;
              throw error;
            }
          };
        },
      }),
  };
}
