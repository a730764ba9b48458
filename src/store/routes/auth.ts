import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  passwordRequestSchema,
  refreshRequestSchema,
  signInRequestSchema,
  storeErrorSchema,
  tokensSchema,
  trialResponseSchema,
} from '../../protocol/sync/auth.ts';
import { changePassword, refresh, signIn, signOut } from '../auth/sessions.ts';
import { createSignInLimits } from '../auth/sign-in-limits.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';
import { fail } from './failures.ts';

const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

const failRevoked = (
  reply: FastifyReply,
  { accessToken, accessExpiresAt }: { accessToken: string; accessExpiresAt: number },
) => fail(reply, 'deviceRevoked', { details: { accessToken, accessExpiresAt } });

export const authRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const limits = createSignInLimits(deps);

    app.post(
      '/auth/v1/sign-in',
      {
        config: { access: 'public' },
        schema: { body: signInRequestSchema, response: { 200: tokensSchema, ...errors } },
      },
      async (request, reply) => {
        const { user } = request.body;
        const wait = await limits.waitMs(request.ip, user);
        if (wait > 0) return fail(reply, 'tooManyAttempts', { retryAfterMs: wait });
        const result = await signIn(deps, request.body);
        if (result.ok) {
          await limits.clear(request.ip, user);
          return result.value;
        }
        if (result.error.code === 'deviceRevoked') return failRevoked(reply, result.error);
        if (result.error.code === 'badCredentials') await limits.fail(request.ip, user);
        return fail(reply, result.error.code);
      },
    );

    app.post(
      '/auth/v1/refresh',
      {
        config: { access: 'public' },
        schema: { body: refreshRequestSchema, response: { 200: tokensSchema, ...errors } },
      },
      async (request, reply) => {
        const result = await refresh(deps, request.body);
        if (result.ok) return result.value;
        if (result.error.code === 'sessionRevoked') return fail(reply, 'sessionRevoked');
        return failRevoked(reply, result.error);
      },
    );

    app.post(
      '/auth/v1/password',
      {
        config: { access: 'session' },
        schema: { body: passwordRequestSchema, response: { 204: z.null(), ...errors } },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const key = principal.accountId;
        const wait = await limits.waitMs(request.ip, key);
        if (wait > 0) return fail(reply, 'tooManyAttempts', { retryAfterMs: wait });
        const result = await changePassword(deps, principal, request.body);
        if (result.ok) return reply.code(204).send(null);
        if (result.error.code === 'badCredentials') await limits.fail(request.ip, key);
        return fail(reply, result.error.code);
      },
    );

    app.post(
      '/auth/v1/sign-out',
      { config: { access: 'handIn' }, schema: { response: { 204: z.null(), ...errors } } },
      async (request, reply) => {
        await signOut(deps, principalOf(request));
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/auth/v1/trial',
      { config: { access: 'public' }, schema: { response: { 200: trialResponseSchema, ...errors } } },
      async () => ({ accounts: [...deps.trialAccounts] }),
    );
  };
