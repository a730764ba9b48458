import type { PokeListener } from '../../src/core/ports/store-client.ts';
import type { PokeFrame } from '../../src/protocol/sync/messages.ts';
import { DatabaseGone } from '../desk/lock-table.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { StoreRoutes } from './store-routes.ts';

/** A stream of news from a process to a console, as the process sees it. */
export interface Subscriber {
  news(place: PokeFrame): void;
  /** The process is gone, or ends the stream. */
  ended: PokeListener['onClosed'];
}
export type KillPoint = 'beforeCommit' | 'afterCommit';

/** One process of the store: what it answers with, who listens to it, and whether it is up. Several work on one desk. */
export interface StoreProcess {
  readonly number: number;
  alive(): boolean;
  /** What it runs; another build of the store may take its place. */
  routes(): StoreRoutes;
  /** Works on a request; exactly one of `answered` and `died` is called, unless it never ends. */
  run<T>(work: () => Promise<T>, answered: (answer: T) => void, died: () => void): void;
  subscribe(subscriber: Subscriber): () => void;
  /** The desk's head moved: told to every stream of this process, unless it is down. */
  tell(place: PokeFrame): void;
  kill(): void;
  start(): void;
  /** The next push dies with the process just before, or just after, its transaction commits. */
  killAt: KillPoint | null;
}

/**
 * @param cut ends what runs on its connections to the database
 * @param threw told of an exception that is no death of the process or of its database
 */
export function createStoreProcess(
  number: number,
  scheduler: Scheduler,
  routes: StoreRoutes,
  cut: () => void,
  threw: (error: unknown) => void,
): StoreProcess {
  let up = true;
  let life = 0;
  const subscribers = new Set<Subscriber>();
  const dying = new Set<() => void>();
  const process: StoreProcess = {
    number,
    killAt: null,
    alive: () => up,
    routes: () => routes,
    run(work, answered, died) {
      const mine = life;
      const gone = () => died();
      dying.add(gone);
      work().then(
        (answer) => {
          if (!dying.delete(gone)) return;
          if (mine === life && up) answered(answer);
          else died();
        },
        (error: unknown) => {
          if (!dying.delete(gone)) return;
          if (!(error instanceof ProcessKilled) && !(error instanceof DatabaseGone)) threw(error);
          died();
        },
      );
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    tell(place) {
      if (up) for (const subscriber of [...subscribers]) subscriber.news(place);
    },
    kill() {
      if (!up) return;
      up = false;
      life += 1;
      process.killAt = null;
      cut();
      for (const gone of [...dying]) {
        dying.delete(gone);
        gone();
      }
      for (const subscriber of [...subscribers]) scheduler.after(2, () => subscriber.ended({ kind: 'offline' }));
      subscribers.clear();
    },
    start() {
      up = true;
    },
  };
  return process;
}

/** Thrown where a process dies in the middle of a transaction. */
export class ProcessKilled extends Error {}
