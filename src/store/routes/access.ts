import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../auth/principal.ts';
import { authenticate, type SessionDeps } from '../auth/sessions.ts';
import { fail } from './failures.ts';

/**
 * Who may call a route. Every route declares one; one without does not start.
 * `public`: anybody · `session`: a live session · `handIn`: also a revoked device or person, to give what it wrote.
 */
export const accessSchema = z.enum(['public', 'session', 'handIn']);
export type Access = z.infer<typeof accessSchema>;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** The principal of a request that the guard has let through. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('a public route has no principal');
  return request.principal;
}

const bearer = (header: string | undefined): string | null => /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1] ?? null;

async function guard(
  deps: SessionDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  // A path that no route has comes here too, with no policy: it answers 404 by its own handler.
  if (request.is404) return undefined;
  const { access } = request.routeOptions.config;
  if (access === 'public') return undefined;
  const token = bearer(request.headers.authorization);
  const principal = token === null ? null : await authenticate(deps, token);
  if (principal === null) return fail(reply, 'unauthenticated');
  if (principal.revoked && access !== 'handIn') return fail(reply, 'deviceRevoked');
  request.principal = principal;
  return undefined;
}

/** The one guard of the store: deny by default, before a body is read. */
export function installGuard(app: FastifyInstance, deps: SessionDeps): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    const declared = accessSchema.safeParse(route.config?.access);
    if (!declared.success) throw new Error(`${String(route.method)} ${route.url} declares no access policy`);
  });
  app.addHook('onRequest', (request, reply) => guard(deps, request, reply));
}
