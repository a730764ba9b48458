import { describe, expect, it } from 'vitest';
import type { ConsoleClient, ConsoleError, News } from '../../src/protocol/console/client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../src/protocol/console/methods.ts';
import { createQueryCache, type Pace } from '../../src/renderer/client/query-cache.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';

/** A client whose answers are given by hand, one call at a time. */
function handClient() {
  const calls: { readonly method: string; readonly answer: (value: Result<unknown, ConsoleError>) => void }[] = [];
  const listeners = new Set<(news: News) => void>();
  const client: ConsoleClient = {
    call<M extends ConsoleMethod>(method: M, _: ConsoleParams<M>) {
      return new Promise<Result<ConsoleResult<M>, ConsoleError>>((resolve) => {
        calls.push({ method, answer: (value) => resolve(value as Result<ConsoleResult<M>, ConsoleError>) });
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {},
  };
  const tell = (view: News['view'], ticketId: string | null = null) => {
    for (const listener of listeners) listener({ view, revision: 1, count: 1, ticketId });
  };
  return { client, calls, tell };
}
/** Time that goes on by hand; what is due by then runs. */
function handPace() {
  let now = 0;
  const due: { readonly at: number; readonly then: () => void }[] = [];
  const pace: Pace = {
    everyMs: 200,
    now: () => now,
    after(ms, then) {
      const one = { at: now + ms, then };
      due.push(one);
      return () => void due.splice(due.indexOf(one), 1);
    },
  };
  const goOn = (ms: number) => {
    now += ms;
    for (const one of due.filter(({ at }) => at <= now)) {
      due.splice(due.indexOf(one), 1);
      one.then();
    }
  };
  return { pace, goOn };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

describe('queries of the screens', () => {
  it('keeps the last answer while a newer one is on its way, and when that one fails', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    const query = createQueryCache(client, pace).query('outbox.list', {}, ['outbox']);
    query.listen(() => {});
    expect(query.get()).toMatchObject({ data: undefined, loading: true });
    calls[0]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    goOn(200);
    tell('outbox');
    expect(query.get().data).toEqual({ items: [], revision: 1 });
    calls[1]?.answer(err({ code: 'hostGone', params: {} }));
    await settle();
    expect(query.get()).toMatchObject({ data: { revision: 1 }, error: { code: 'hostGone' } });
  });

  it('asks once more for news that comes during a pull, however much of it: the last answer is never older than the news', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    const query = createQueryCache(client, pace).query('outbox.list', {}, ['outbox']);
    query.listen(() => {});
    tell('outbox');
    tell('outbox');
    tell('outbox');
    expect(calls).toHaveLength(1);
    calls[0]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    expect(calls).toHaveLength(1);
    goOn(200);
    expect(calls).toHaveLength(2);
    calls[1]?.answer(ok({ items: [], revision: 2 }));
    await settle();
    goOn(1_000);
    expect(calls).toHaveLength(2);
    expect(query.get().data?.revision).toBe(2);
  });

  it('follows the first news at once and more of it at its pace, however much there is', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    createQueryCache(client, pace)
      .query('outbox.list', {}, ['outbox'])
      .listen(() => {});
    const answerLast = async () => {
      calls.at(-1)?.answer(ok({ items: [], revision: calls.length }));
      await settle();
    };
    await answerLast();
    goOn(200);
    tell('outbox');
    expect(calls).toHaveLength(2);
    await answerLast();
    for (let n = 0; n < 50; n += 1) {
      goOn(20);
      tell('outbox');
      await answerLast();
    }
    expect(calls).toHaveLength(2 + 5);
  });

  it('a person who asks anew does not wait for the pace', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    const query = createQueryCache(client, pace).query('outbox.list', {}, ['outbox']);
    query.listen(() => {});
    calls[0]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    tell('outbox');
    expect(calls).toHaveLength(1);
    void query.pull();
    expect(calls).toHaveLength(2);
    calls[1]?.answer(ok({ items: [], revision: 2 }));
    await settle();
    goOn(1_000);
    expect(calls).toHaveLength(2);
  });

  it('an answer that says the same is the same object, and tells nobody', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    const query = createQueryCache(client, pace).query('outbox.list', {}, ['outbox']);
    let told = 0;
    query.listen(() => {
      told += 1;
    });
    calls[0]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    const before = query.get();
    goOn(200);
    tell('outbox');
    calls[1]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    expect(calls).toHaveLength(2);
    expect(told).toBe(1);
    expect(query.get()).toBe(before);
  });

  it('pulls for news of its own views and of its own ticket only', async () => {
    const { client, calls, tell } = handClient();
    const { pace, goOn } = handPace();
    const query = createQueryCache(client, pace).query('ticket.get', { ticketId: id(1) }, ['ticket']);
    query.listen(() => {});
    calls[0]?.answer(ok(null));
    await settle();
    goOn(200);
    tell('outbox');
    tell('ticket', id(2));
    expect(calls).toHaveLength(1);
    tell('ticket', id(1));
    expect(calls).toHaveLength(2);
    calls[1]?.answer(ok(null));
    await settle();
    goOn(200);
    tell('ticket');
    expect(calls).toHaveLength(3);
  });

  it('asks nothing while nobody listens, and asks again on return when there was news', async () => {
    const { client, calls, tell } = handClient();
    const cache = createQueryCache(client);
    const stop = cache.query('outbox.list', {}, ['outbox']).listen(() => {});
    calls[0]?.answer(ok({ items: [], revision: 1 }));
    await settle();
    stop();
    tell('outbox');
    expect(calls).toHaveLength(1);
    const again = cache.query('outbox.list', {}, ['outbox']);
    expect(again.get().data?.revision).toBe(1);
    again.listen(() => {});
    expect(calls).toHaveLength(2);
  });

  it('shares one entry between screens that ask the same', () => {
    const { client, calls } = handClient();
    const cache = createQueryCache(client);
    cache.query('connection.get', {}, ['connection']).listen(() => {});
    cache.query('connection.get', {}, ['connection']).listen(() => {});
    expect(calls).toHaveLength(1);
  });

  it('shows nothing of the person before: what nobody shows is forgotten when another signs in', async () => {
    const { client, calls, tell } = handClient();
    const cache = createQueryCache(client);
    const stop = cache.query('outbox.list', {}, ['outbox']).listen(() => {});
    calls[0]?.answer(ok({ items: [], revision: 7 }));
    await settle();
    stop();
    tell('session');
    expect(cache.query('outbox.list', {}, ['outbox']).get().data).toBeUndefined();
  });
});
