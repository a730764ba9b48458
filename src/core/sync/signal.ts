import type { PokeFrame } from '../../protocol/sync/messages.ts';
import type { CacheMeta } from '../ports/cache.ts';
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

/** Wakes the pull. */
export interface StoreNews {
  /** The store may have something new: only a pull can tell. */
  raise(): void;
  /** The store said where its log ends; `own`: as the answer to a push, and nobody has said so otherwise. */
  heard(head: PokeFrame, own?: boolean): void;
  /** Resolves when a pull may bring something, given where the base stands; at once when that was said already. */
  wait(scope: Scope, base: () => Base): Promise<void>;
}
type Base = Pick<CacheMeta, 'epoch' | 'cursor' | 'logHash'>;

/** What the frame does not say is taken to be as it is here: an older store says the number alone. */
const isWhereBaseStands = ({ head, hash, epoch }: PokeFrame, base: Base): boolean =>
  head === base.cursor &&
  (hash === undefined || hash === base.logHash) &&
  (epoch === undefined || epoch === base.epoch);

/** What one did oneself is on the screen already: its pull comes after those of whoever waits for it, and is one for all acts of this time. */
export const OWN_NEWS_MS = 100;

/**
 * One's own push is heard of twice, by its answer and as news: what a pull has brought meanwhile is not pulled again. The store may
 * have been restored: a head below the cursor counts as news, so does one below what was said before, and the same number in
 * another epoch or with another hash.
 */
export function createStoreNews(timers: TimersPort): StoreNews {
  const signal = createSignal(timers);
  let unknown = false;
  let furthest: PokeFrame | null = null;
  /** Of all that was heard, something came from elsewhere than from answers to pushes. */
  let others = false;
  let due = false;
  return {
    raise() {
      unknown = true;
      signal.raise();
    },
    heard(head, own = false) {
      if (furthest !== null && head.head < furthest.head) unknown = true;
      else furthest = head;
      others ||= !own;
      signal.raise();
    },
    async wait(scope, base) {
      let cancel: CancelTimer | null = null;
      for (;;) {
        await signal.wait(scope);
        const news = unknown || (furthest !== null && !isWhereBaseStands(furthest, base()));
        if (news && !unknown && !others && !due && !scope.closed) {
          cancel ??= timers.after(OWN_NEWS_MS, () => {
            due = true;
            signal.raise();
          });
          continue;
        }
        cancel?.();
        cancel = null;
        unknown = false;
        furthest = null;
        others = false;
        due = false;
        if (news || scope.closed) return;
      }
    },
  };
}
