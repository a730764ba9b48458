import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import {
  helloRequestSchema,
  helloResponseSchema,
  pullRequestSchema,
  pushRequestSchema,
  snapshotRequestSchema,
} from '../../protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION } from '../../protocol/versions.ts';
import { deskRow } from '../changes/desk-head.ts';
import { answerHello } from '../changes/hello.ts';
import { readPull } from '../changes/read-pull.ts';
import { isSnapshotKey, snapshotLines } from '../changes/snapshot.ts';
import { processPush } from '../commands/process-push.ts';
import { sha256 } from '../commands/sha256.ts';
import { createDeskStore } from '../db/desk-store.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';
import { fail } from './failures.ts';
import { sendJsonText, sendStream, sendText } from './ndjson.ts';

/** A single command may be larger than a batch: 200 kB of text that JSON escapes sixfold, more than once. */
const PUSH_BODY_LIMIT = 4_000_000;
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

export const syncRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const desks = createDeskStore(deps.db);

    app.post(
      '/sync/v1/hello',
      {
        config: { access: 'session' },
        schema: { body: helloRequestSchema, response: { 200: helloResponseSchema, ...errors } },
      },
      async (request) => answerHello(deps, principalOf(request), request.body),
    );

    app.post(
      '/sync/v1/push',
      // Whatever its age, a console may always hand in what it wrote (SY16): no protocol check.
      {
        config: { access: 'handIn' },
        bodyLimit: PUSH_BODY_LIMIT,
        schema: { body: pushRequestSchema, response: errors },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const onBug = (commandId: string, bug: unknown) =>
          request.log.error({ err: bug, commandId }, 'the domain threw');
        const pushed = await processPush({ desks, now: deps.now, sha256, onBug }, principal, request.body.commands);
        if (!pushed.ok) {
          const { error } = pushed;
          if (error.code !== 'FORK') return fail(reply, error.code);
          return fail(reply, 'FORK', { details: { lastN: error.lastN, lastHash: error.lastHash } });
        }
        const { results, heldId } = pushed.value;
        // Outcomes go out as they are stored, byte for byte (SY11).
        const parts = results.map(({ replayed, outcome }) => `{"replayed":${replayed},"outcome":${outcome}}`);
        const held = heldId === null ? 'null' : JSON.stringify({ commandId: heldId, code: 'storeTooOld' });
        const head = principal.revoked ? 0 : await desks.head(principal.deskId);
        const body = `{"results":[${parts.join(',')}],"held":${held},"serverTime":${deps.now()},"head":${head}}`;
        return sendJsonText(reply, body);
      },
    );

    app.post(
      '/sync/v1/pull',
      { config: { access: 'session' }, schema: { body: pullRequestSchema, response: errors } },
      async (request, reply) => {
        if (request.body.protocol < MIN_PROTOCOL_VERSION) return fail(reply, 'protocolTooOld');
        const pulled = await readPull(deps, principalOf(request), request.body);
        return pulled.ok ? sendText(request, reply, pulled.value) : fail(reply, pulled.error.code, pulled.error);
      },
    );

    app.post(
      '/sync/v1/snapshot',
      { config: { access: 'session' }, schema: { body: snapshotRequestSchema, response: errors } },
      async (request, reply) => {
        const principal = principalOf(request);
        const { protocol, entity, after, limit, scopeVersion } = request.body;
        if (protocol < MIN_PROTOCOL_VERSION) return fail(reply, 'protocolTooOld');
        if (scopeVersion !== principal.scopeVersion) {
          return fail(reply, 'SCOPE', { details: { scopeVersion: principal.scopeVersion } });
        }
        if (after !== null && !isSnapshotKey(entity, after)) return fail(reply, 'badRequest');
        const settings = parseDeskSettings((await deskRow(deps.db.pool, principal.deskId)).settings);
        const scope = ticketScopeOf(principal, settings, deps.now());
        const options = { deskId: principal.deskId, entity, after, limit, scope };
        return sendStream(request, reply, snapshotLines(deps.db.pool, options));
      },
    );
  };
