import type { ConsoleClient, ConsoleError, News } from '../../protocol/console/client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../protocol/console/methods.ts';
import { share } from './share.ts';

export type NewsView = News['view'];

/** What a query shows now. `data` stays while a newer answer is on its way, and when that answer is a failure. */
export interface QueryState<T> {
  readonly data: T | undefined;
  readonly error: ConsoleError | null;
  /** True from the first call until its first answer. */
  readonly loading: boolean;
}

export interface Query<T> {
  get(): QueryState<T>;
  /** Pulls when first listened to, and again at news of one of its views for as long as anybody listens. */
  listen(listener: () => void): () => void;
  pull(): Promise<void>;
}

export interface QueryCache {
  query<M extends ConsoleMethod>(
    method: M,
    params: ConsoleParams<M>,
    views: readonly NewsView[],
  ): Query<ConsoleResult<M>>;
  /** Another person signs in: what nobody shows is forgotten, what is shown is pulled again. */
  renew(): void;
  close(): void;
}

interface Held {
  onNews(news: News): void;
  pull(): Promise<void>;
  readonly listeners: number;
}

/** Answers kept after the last screen let go of them, so that going back shows them at once. */
const KEPT = 60;

/** How often news may make one query ask again. */
export interface Pace {
  readonly everyMs: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Runs `then` after so long; returns how to call that off. */
  after(ms: number, then: () => void): () => void;
}
/** Quicker than anybody reads, and slow enough that a first fill with fifty pieces of news a second leaves the page to its person. */
const readingPace: Pace = {
  everyMs: 200,
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
const idle: QueryState<never> = { data: undefined, error: null, loading: true };

/**
 * One entry per method and parameters. Never two pulls of one entry at once: news that comes during a pull asks for exactly
 * one more, so the last answer is never older than the last news. The first news after a silence is followed at once, more of it at
 * the pace given. What an answer has in common with the one before it stays the same objects.
 */
export function createQueryCache(client: ConsoleClient, pace: Pace = readingPace): QueryCache {
  const entries = new Map<string, Held>();
  const unsubscribe = client.subscribe((news) => {
    for (const [key, entry] of [...entries]) {
      // Perhaps another person now: an answer that nobody shows must not flash up for them.
      if (news.view === 'session' && entry.listeners === 0) entries.delete(key);
      else entry.onNews(news);
    }
  });

  function create<M extends ConsoleMethod>(
    method: M,
    params: ConsoleParams<M>,
    views: readonly NewsView[],
  ): Query<ConsoleResult<M>> & Held {
    const listeners = new Set<() => void>();
    const ticketId = 'ticketId' in params ? params.ticketId : null;
    let state: QueryState<ConsoleResult<M>> = idle;
    let fresh = false;
    let wanted = false;
    let pulling: Promise<void> | null = null;
    let askedAt = Number.NEGATIVE_INFINITY;
    let callOff: (() => void) | null = null;

    const set = (next: QueryState<ConsoleResult<M>>) => {
      if (next.data === state.data && next.error === state.error && next.loading === state.loading) return;
      state = next;
      for (const listener of [...listeners]) listener();
    };
    const run = async (): Promise<void> => {
      do {
        wanted = false;
        fresh = true;
        askedAt = pace.now();
        const answer = await client.call(method, params);
        set(
          answer.ok
            ? { data: share(state.data, answer.value), error: null, loading: false }
            : { data: state.data, error: answer.error, loading: false },
        );
      } while (wanted && listeners.size > 0);
    };
    const pull = (): Promise<void> => {
      callOff?.();
      callOff = null;
      fresh = false;
      wanted = true;
      pulling ??= run().finally(() => {
        pulling = null;
        if (!fresh && listeners.size > 0) follow();
      });
      return pulling;
    };
    /** There is news: asks again as soon as the pace allows it. */
    const follow = (): void => {
      if (pulling !== null || callOff !== null) return;
      const wait = askedAt + pace.everyMs - pace.now();
      if (wait <= 0) void pull();
      else {
        callOff = pace.after(wait, () => {
          callOff = null;
          if (listeners.size > 0) void pull();
        });
      }
    };
    return {
      get: () => state,
      pull,
      get listeners() {
        return listeners.size;
      },
      onNews(news) {
        if (!views.includes(news.view)) return;
        const ofTicket = news.view === 'ticket' || news.view === 'attachments';
        if (ofTicket && ticketId !== null && news.ticketId !== null && news.ticketId !== ticketId) return;
        fresh = false;
        if (listeners.size > 0) follow();
      },
      listen(listener) {
        listeners.add(listener);
        if (!fresh) void pull();
        return () => listeners.delete(listener);
      },
    };
  }

  return {
    query<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>, views: readonly NewsView[]) {
      const key = `${method} ${JSON.stringify(params)} ${views.join()}`;
      // The key begins with the method's name, so what is held under it answers that method.
      const held = entries.get(key) as (Query<ConsoleResult<M>> & Held) | undefined;
      const entry = held ?? create(method, params, views);
      entries.delete(key);
      entries.set(key, entry);
      for (const [old, candidate] of entries) {
        if (entries.size <= KEPT) break;
        if (candidate.listeners === 0 && old !== key) entries.delete(old);
      }
      return entry;
    },
    renew() {
      for (const [key, entry] of entries) {
        if (entry.listeners === 0) entries.delete(key);
        else void entry.pull();
      }
    },
    close() {
      unsubscribe();
      entries.clear();
    },
  };
}
