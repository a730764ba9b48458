/** Another transaction is in the way, as PostgreSQL says it with a deadlock or a key that is there twice. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}
/** The database went away under a transaction or a read. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone';
}

/** A transaction as the locks see it. */
export interface LockOwner {
  readonly held: Set<string>;
  waitsFor: string | null;
}
export const newOwner = (): LockOwner => ({ held: new Set(), waitsFor: null });

interface Waiter {
  readonly owner: LockOwner;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}
interface Lock {
  owner: LockOwner;
  readonly queue: Waiter[];
}

/** Exclusive locks, held to the end of their transaction, given in the order in which they were asked for. */
export class LockTable {
  readonly #locks = new Map<string, Lock>();

  /** Undefined when the lock is had at once; a rejection with `Conflict` when waiting would never end. */
  acquire(owner: LockOwner, key: string): Promise<void> | undefined {
    if (owner.held.has(key)) return undefined;
    const lock = this.#locks.get(key);
    if (lock === undefined) {
      this.#locks.set(key, { owner, queue: [] });
      owner.held.add(key);
      return undefined;
    }
    if (this.#wouldDeadlock(owner, lock)) return Promise.reject(new Conflict(`deadlock on ${key}`));
    owner.waitsFor = key;
    return new Promise<void>((resolve, reject) => {
      lock.queue.push({ owner, resolve, reject });
    });
  }

  /** A cycle can only close when somebody starts to wait, so it is looked for then and never again. */
  #wouldDeadlock(owner: LockOwner, wanted: Lock): boolean {
    let holder: LockOwner | undefined = wanted.owner;
    while (holder !== undefined) {
      if (holder === owner) return true;
      holder = holder.waitsFor === null ? undefined : this.#locks.get(holder.waitsFor)?.owner;
    }
    return false;
  }

  /** At the end of a transaction, whatever the end. */
  releaseAll(owner: LockOwner): void {
    if (owner.waitsFor !== null) {
      const queue = this.#locks.get(owner.waitsFor)?.queue ?? [];
      const at = queue.findIndex((waiter) => waiter.owner === owner);
      if (at !== -1) queue.splice(at, 1)[0]?.reject(new DatabaseGone('its transaction has ended'));
      owner.waitsFor = null;
    }
    for (const key of owner.held) {
      const lock = this.#locks.get(key);
      const next = lock?.queue.shift();
      if (lock === undefined || next === undefined) {
        this.#locks.delete(key);
        continue;
      }
      lock.owner = next.owner;
      next.owner.waitsFor = null;
      next.owner.held.add(key);
      next.resolve();
    }
    owner.held.clear();
  }

  /** The database went away: whoever waits is told. */
  endAll(): void {
    for (const { queue } of this.#locks.values()) {
      for (const waiter of queue.splice(0)) waiter.reject(new DatabaseGone('the database went away'));
    }
  }
}
