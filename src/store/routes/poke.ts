import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ScopeGrant } from '../../domain/scope.ts';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import {
  POKE_HEARTBEAT_MS,
  POKE_LONG_POLL_MS,
  type PokeFrame,
  type PokeResponse,
  pokeResponseSchema,
} from '../../protocol/sync/messages.ts';
import { ACCESS_TOKEN_MS } from '../auth/session-tokens.ts';
import { sessionsThatHold } from '../auth/sessions-that-hold.ts';
import { type DeskHead, isSamePlace } from '../changes/change-reads.ts';
import { type Concerns, concernsAll } from '../changes/concerns.ts';
import { deskHeads } from '../db/desk-head.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';

/** `wait=<place>`: answer when the head is at another one, beyond or, after a restore, before it. `wait=head`: than where it is now. */
const querySchema = z.strictObject({ wait: z.union([z.literal('head'), z.coerce.number().int().min(0)]).optional() });
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

const placeOf = ({ head, hash, epoch }: DeskHead): PokeFrame => ({ head, hash, epoch });
const frame = (event: 'news' | 'beat', at: DeskHead): string =>
  `event: ${event}\ndata: ${JSON.stringify(placeOf(at))}\n\n`;

/** Changes that are not for its person are told to a console only then: drawn between half of this and all, so that not all come at once. */
const LATE_NEWS_MS = 60_000;
const LOOKS_FOR_LATE = 60;

interface Stream {
  readonly raw: ServerResponse;
  readonly grant: ScopeGrant;
  readonly endsAt: number;
  readonly sessionId: string;
  readonly deskId: string;
  at: DeskHead;
  /** The place that was last news to it: `at`, save while the reader does not keep up, or what came since is not for its person. */
  told: DeskHead;
  /** When it is told where the log is, though nothing is for its person; infinite while it knows. */
  lateAt: number;
}

export const pokeRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const { lateNewsMs = LATE_NEWS_MS } = deps;
    const streams = new Set<Stream>();
    const polls = new Set<() => void>();
    // One timer for all: a beat tells a proxy and the console that the line lives.
    const beat = setInterval(() => {
      for (const stream of streams) {
        // Rights are worked out anew at least once in the life of an access token.
        if (deps.now() >= stream.endsAt) stream.raw.end();
        else write(stream, 'beat');
      }
      void endRevoked();
    }, POKE_HEARTBEAT_MS);
    const late = setInterval(() => {
      const now = performance.now();
      for (const stream of streams) if (stream.lateAt <= now) write(stream, 'news');
    }, lateNewsMs / LOOKS_FOR_LATE);
    let looking = false;
    /**
     * On a quiet desk a console asks for nothing but this stream: it is ended for whoever was revoked or signed out, so that the
     * console comes again and is told. A database that cannot be asked ends nobody's.
     */
    async function endRevoked(): Promise<void> {
      if (looking || streams.size === 0) return;
      looking = true;
      try {
        const asked = [...streams];
        const holding = await sessionsThatHold(deps.db.pool, new Set(asked.map(({ sessionId }) => sessionId)));
        for (const { raw, sessionId } of asked) if (!holding.has(sessionId)) raw.end();
      } catch (error) {
        app.log.warn({ err: error }, 'sessions of open streams could not be looked at');
      } finally {
        looking = false;
      }
    }
    deps.watchLive?.(() => ({ streams: [...streams], longPolls: polls.size }));
    app.addHook('preClose', async () => {
      clearInterval(beat);
      clearInterval(late);
      for (const stream of streams) stream.raw.end();
      for (const answer of [...polls]) answer();
    });

    async function headOf(deskId: string): Promise<DeskHead> {
      const [at] = await deskHeads(deps.db.pool, [deskId]);
      if (at === undefined) throw new Error(`there is no desk ${deskId}`);
      return at;
    }

    /**
     * News is for whoever may see what changed: were a thousand consoles to pull at every act of anybody, pulls would be most of what
     * this process does. The others come a little later, so that none falls far behind.
     */
    function tell(stream: Stream, at: DeskHead, concerns: Concerns, author: string | null): void {
      stream.at = at;
      if (isSamePlace(stream.told, at)) return;
      // Whose push it is hears of it by the answer, and does not stand in the way of those who wait for the news.
      if (stream.sessionId !== author && concerns(stream.grant)) write(stream, 'news');
      else if (stream.lateAt === Number.POSITIVE_INFINITY)
        stream.lateAt = performance.now() + lateNewsMs * (0.5 + Math.random() / 2);
    }

    function write(stream: Stream, event: 'news' | 'beat'): void {
      if (stream.raw.writableNeedDrain) {
        // A reader that does not keep up loses nothing: it is told where the log ends by then.
        if (event === 'news') stream.lateAt = performance.now();
        return;
      }
      stream.raw.write(frame(event, stream.at));
      if (event === 'beat') return;
      stream.told = stream.at;
      stream.lateAt = Number.POSITIVE_INFINITY;
    }

    async function longPoll(deskId: string, wait: number | 'head', closed: AbortSignal) {
      return new Promise<PokeResponse>((resolve, reject) => {
        let first: DeskHead | null = null;
        let last: DeskHead | null = null;
        const isNews = () => {
          if (last === null) return false;
          if (wait !== 'head' && last.head !== wait) return true;
          return first !== null && !isSamePlace(first, last);
        };
        const settle = () => {
          clearTimeout(timer);
          unsubscribe();
          polls.delete(settle);
          // Ended before the head was read, by the console or by the end of this process: nothing is known to be new.
          const at = last === null ? { head: wait === 'head' ? 0 : wait } : placeOf(last);
          resolve({ news: isNews(), ...at });
        };
        const timer = setTimeout(settle, POKE_LONG_POLL_MS);
        polls.add(settle);
        closed.addEventListener('abort', settle);
        // Subscribed before the head is read: what comes between is not missed.
        const unsubscribe = deps.news.subscribe(deskId, (at) => {
          last = at;
          if (isNews()) settle();
        });
        headOf(deskId).then((at) => {
          first = at;
          last ??= at;
          if (isNews()) settle();
        }, reject);
      });
    }

    app.get(
      '/sync/v1/poke',
      {
        config: { access: 'session' },
        schema: { querystring: querySchema, response: { 200: pokeResponseSchema, ...errors } },
      },
      async (request, reply) => {
        const { deskId, sessionId, grant } = principalOf(request);
        const { wait } = request.query;
        if (wait !== undefined) {
          const closed = new AbortController();
          reply.raw.on('close', () => closed.abort());
          return longPoll(deskId, wait, closed.signal);
        }
        const { raw } = reply;
        const heard: { stream: Stream | null; early: DeskHead | null } = { stream: null, early: null };
        // Subscribed before the head is read, as above.
        const unsubscribe = deps.news.subscribe(deskId, (at, concerns, author) => {
          if (heard.stream === null) heard.early = at;
          else tell(heard.stream, at, concerns, author);
        });
        raw.on('close', () => {
          unsubscribe();
          if (heard.stream !== null) streams.delete(heard.stream);
        });
        raw.on('error', () => raw.destroy());
        const head = await headOf(deskId);
        reply.hijack();
        if (raw.destroyed) return reply;
        raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        });
        const endsAt = deps.now() + ACCESS_TOKEN_MS;
        const place = { at: head, told: head, lateAt: Number.POSITIVE_INFINITY };
        heard.stream = { raw, grant, sessionId, deskId, endsAt, ...place };
        streams.add(heard.stream);
        raw.write(`retry: 3000\n\n${frame('news', head)}`);
        if (heard.early !== null && !isSamePlace(heard.early, head)) tell(heard.stream, heard.early, concernsAll, null);
        return reply;
      },
    );
  };
