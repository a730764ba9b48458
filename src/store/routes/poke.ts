import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
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
import { deskHeads } from '../db/desk-head.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';

/** `wait=<place>`: answer when the head is at another one, beyond or, after a restore, before it. `wait=head`: than where it is now. */
const querySchema = z.strictObject({ wait: z.union([z.literal('head'), z.coerce.number().int().min(0)]).optional() });
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

const placeOf = ({ head, hash, epoch }: DeskHead): PokeFrame => ({ head, hash, epoch });
const frame = (event: 'news' | 'beat', at: DeskHead): string =>
  `event: ${event}\ndata: ${JSON.stringify(placeOf(at))}\n\n`;

interface Stream {
  readonly raw: ServerResponse;
  readonly endsAt: number;
  readonly sessionId: string;
  readonly deskId: string;
  at: DeskHead;
  /** What was last written: `at`, save while the reader does not keep up. */
  told: DeskHead;
}

export const pokeRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
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
      for (const stream of streams) stream.raw.end();
      for (const answer of [...polls]) answer();
    });

    async function headOf(deskId: string): Promise<DeskHead> {
      const [at] = await deskHeads(deps.db.pool, [deskId]);
      if (at === undefined) throw new Error(`there is no desk ${deskId}`);
      return at;
    }

    function tell(stream: Stream, at: DeskHead): void {
      stream.at = at;
      // A reader that does not keep up loses nothing: the next frame carries where the log ends by then.
      write(stream, 'news');
    }

    function write(stream: Stream, event: 'news' | 'beat'): void {
      if (stream.raw.writableNeedDrain) return;
      stream.raw.write(frame(event, stream.at));
      stream.told = stream.at;
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
        const { deskId, sessionId } = principalOf(request);
        const { wait } = request.query;
        if (wait !== undefined) {
          const closed = new AbortController();
          reply.raw.on('close', () => closed.abort());
          return longPoll(deskId, wait, closed.signal);
        }
        const { raw } = reply;
        const heard: { stream: Stream | null; early: DeskHead | null } = { stream: null, early: null };
        // Subscribed before the head is read, as above.
        const unsubscribe = deps.news.subscribe(deskId, (at) => {
          if (heard.stream === null) heard.early = at;
          else tell(heard.stream, at);
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
        heard.stream = { raw, sessionId, deskId, endsAt: deps.now() + ACCESS_TOKEN_MS, at: head, told: head };
        streams.add(heard.stream);
        raw.write(`retry: 3000\n\n${frame('news', head)}`);
        if (heard.early !== null && !isSamePlace(heard.early, head)) tell(heard.stream, heard.early);
        return reply;
      },
    );
  };
