import type { CancelTimer, TimersPort } from '../ports/timers.ts';

/** Latched wake-up: a raise with nobody waiting is kept for the next wait. */
export interface Signal {
  raise(): void;
  /** Resolves at the next raise, or at once when one is latched, or when `scope` closes, or after `timeoutMs`. */
  wait(scope: Scope, timeoutMs?: number): Promise<void>;
}

/** Something that ends once: a contact with the store, or the life of an engine. */
export interface Scope {
  readonly closed: boolean;
  /** Runs `hook` when the scope closes, at once when it is closed already. The result takes the hook away. */
  onClose(hook: () => void): () => void;
}
export interface OwnedScope extends Scope {
  close(): void;
}

export function createScope(): OwnedScope {
  const hooks = new Set<() => void>();
  let closed = false;
  return {
    get closed() {
      return closed;
    },
    onClose(hook) {
      if (closed) hook();
      else hooks.add(hook);
      return () => hooks.delete(hook);
    },
    close() {
      if (closed) return;
      closed = true;
      for (const hook of [...hooks]) hook();
      hooks.clear();
    },
  };
}

export function createSignal(timers: TimersPort): Signal {
  let latched = false;
  const waiters = new Set<() => void>();
  return {
    raise() {
      if (waiters.size === 0) latched = true;
      for (const wake of [...waiters]) wake();
    },
    wait(scope, timeoutMs) {
      if (latched || scope.closed) {
        latched = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        let cancel: CancelTimer | null = null;
        const done = () => {
          waiters.delete(done);
          cancel?.();
          unhook();
          resolve();
        };
        waiters.add(done);
        if (timeoutMs !== undefined) cancel = timers.after(timeoutMs, done);
        const unhook = scope.onClose(done);
      });
    },
  };
}
