import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import { POKE_HEARTBEAT_MS, POKE_LONG_POLL_MS, pokeResponseSchema } from '../../protocol/sync/messages.ts';
import { ACCESS_TOKEN_MS } from '../auth/session-tokens.ts';
import { deskHead } from '../db/desk-store.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';

/** `wait=<place>`: answer when the head is beyond it. `wait=head`: beyond where it is now. */
const querySchema = z.strictObject({ wait: z.union([z.literal('head'), z.coerce.number().int().min(0)]).optional() });
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

const frame = (event: 'news' | 'beat', head: number): string => `event: ${event}\ndata: {"head":${head}}\n\n`;

interface Stream {
  readonly raw: ServerResponse;
  readonly endsAt: number;
  head: number;
}

export const pokeRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const streams = new Set<Stream>();
    const polls = new Set<() => void>();
    // One timer for all: a beat tells a proxy and the console that the line lives.
    const beat = setInterval(() => {
      for (const stream of streams) {
        // The session is looked at again at least once in the life of an access token.
        if (deps.now() >= stream.endsAt) stream.raw.end();
        else if (!stream.raw.writableNeedDrain) stream.raw.write(frame('beat', stream.head));
      }
    }, POKE_HEARTBEAT_MS);
    app.addHook('preClose', async () => {
      clearInterval(beat);
      for (const stream of streams) stream.raw.end();
      for (const answer of [...polls]) answer();
    });

    async function longPoll(deskId: string, wait: number | 'head', closed: AbortSignal) {
      let seen = wait === 'head' ? Number.POSITIVE_INFINITY : wait;
      return new Promise<{ news: boolean; head: number }>((resolve, reject) => {
        let head = 0;
        const settle = () => {
          clearTimeout(timer);
          unsubscribe();
          polls.delete(settle);
          resolve({ news: head > seen, head });
        };
        const timer = setTimeout(settle, POKE_LONG_POLL_MS);
        polls.add(settle);
        closed.addEventListener('abort', settle);
        // Subscribed before the head is read: what comes between is not missed.
        const unsubscribe = deps.news.subscribe(deskId, (at) => {
          head = Math.max(head, at);
          if (head > seen) settle();
        });
        deskHead(deps.db, deskId).then((at) => {
          if (wait === 'head') seen = at;
          head = Math.max(head, at);
          if (head > seen) settle();
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
        const { deskId } = principalOf(request);
        const { wait } = request.query;
        if (wait !== undefined) {
          const closed = new AbortController();
          reply.raw.on('close', () => closed.abort());
          return longPoll(deskId, wait, closed.signal);
        }
        const head = await deskHead(deps.db, deskId);
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        });
        const stream: Stream = { raw, endsAt: deps.now() + ACCESS_TOKEN_MS, head };
        streams.add(stream);
        const unsubscribe = deps.news.subscribe(deskId, (at) => {
          stream.head = at;
          // A reader that does not keep up loses nothing: the next frame carries the newest head.
          if (!raw.writableNeedDrain) raw.write(frame('news', at));
        });
        raw.on('close', () => {
          unsubscribe();
          streams.delete(stream);
        });
        raw.on('error', () => raw.destroy());
        raw.write(`retry: 3000\n\n${frame('news', head)}`);
        return reply;
      },
    );
  };
