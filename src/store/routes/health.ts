import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isUnavailable } from '../db/conflicts.ts';
import type { StoreDeps } from '../store-deps.ts';
import { fail } from './failures.ts';

const fine = z.object({ status: z.literal('ok') });

/** `/healthz`: the process answers. `/readyz`: its database does too, with our tables in it. */
export const healthRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const config = { access: 'public' } as const;
    app.get('/healthz', { config, schema: { response: { 200: fine } } }, async () => ({ status: 'ok' as const }));
    app.get('/readyz', { config, schema: { response: { 200: fine } } }, async (request, reply) => {
      try {
        await deps.db.pool.query('select 1 from desks limit 1');
        return { status: 'ok' as const };
      } catch (error) {
        if (!isUnavailable(error)) request.log.error({ err: error }, 'not ready');
        return fail(reply, 'unavailable');
      }
    });
    app.get('/openapi.json', { config, schema: { hide: true } }, async (_request, reply) => reply.send(app.swagger()));
  };
