import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
import {
  digestRequestSchema,
  digestResponseSchema,
  digestRowsRequestSchema,
  digestRowsResponseSchema,
  helloRequestSchema,
  helloResponseSchema,
  pullRequestSchema,
  pushRequestSchema,
  rowsRequestSchema,
  searchRequestSchema,
  searchResponseSchema,
  snapshotRequestSchema,
  wipedRequestSchema,
} from '../../protocol/sync/messages.ts';
import { traceOf } from '../../protocol/sync/trace.ts';
import type { Result } from '../../shared/result.ts';
import { recordWipe } from '../admin/accounts.ts';
import { createDeskService } from '../changes/desk-service.ts';
import { pushedToText } from '../changes/push.ts';
import { pieceToText, type SnapshotPiece } from '../changes/snapshot.ts';
import type { ReadFailure } from '../changes/standing.ts';
import { linesToText, type SyncLine } from '../changes/sync-line.ts';
import { createNamedBefore } from '../commands/named-before.ts';
import { sha256 } from '../commands/sha256.ts';
import { createChangeStore } from '../db/change-store.ts';
import { createDeskStore } from '../db/desk-store.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';
import { fail } from './failures.ts';
import { sendJsonText, sendStream, sendText } from './ndjson.ts';
import { tellCommands } from './tell-commands.ts';

/** A single command may be larger than a batch: 200 kB of text that JSON escapes sixfold, more than once. */
const PUSH_BODY_LIMIT = 4_000_000;
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };

const sendLines = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Result<readonly SyncLine[], ReadFailure>,
): FastifyReply | Promise<FastifyReply> =>
  answer.ok ? sendText(request, reply, linesToText(answer.value)) : fail(reply, answer.error.code, answer.error);

const sendAnswer = (reply: FastifyReply, answer: Result<unknown, ReadFailure>): FastifyReply =>
  answer.ok ? sendJsonText(reply, JSON.stringify(answer.value)) : fail(reply, answer.error.code, answer.error);

/** Files of what was just stored may be here already; the answer waits for none of that, and a sweep makes up for a crash. */
function tellAttachments({ blobs }: StoreDeps, deskId: string, commands: readonly WireCommand[]): void {
  const ticketIds = new Set(commands.flatMap(({ type, ticketId }) => (type === 'addAttachment' ? [ticketId] : [])));
  if (ticketIds.size > 0) void blobs?.told(deskId, [...ticketIds]);
}

async function* textsOf(pieces: AsyncIterable<SnapshotPiece>): AsyncGenerator<string> {
  for await (const piece of pieces) yield pieceToText(piece);
}

export const syncRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    const service = createDeskService({
      desks: createDeskStore(deps.db, deps.news),
      changes: createChangeStore(deps.db),
      now: deps.now,
      minProtocol: deps.minProtocol,
      newId: deps.newId,
      sha256,
      namedBefore: createNamedBefore(),
      onRestoreFound: (deskId) =>
        app.log.warn(
          { deskId },
          'the database was replaced by an older state: a new epoch begins, consoles send again',
        ),
      onBug: (commandId, bug) => app.log.error({ err: bug, trace: traceOf(commandId) }, 'the domain threw'),
    });

    app.post(
      '/sync/v1/hello',
      {
        config: { access: 'session' },
        schema: { body: helloRequestSchema, response: { 200: helloResponseSchema, ...errors } },
      },
      async (request) => service.hello(principalOf(request), request.body),
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
        const began = performance.now();
        const pushed = await service.push(principalOf(request), request.body);
        if (pushed.ok) tellCommands(request, deps, pushed.value, performance.now() - began);
        if (pushed.ok) tellAttachments(deps, principalOf(request).deskId, request.body.commands);
        if (pushed.ok) return sendJsonText(reply, pushedToText(pushed.value));
        const { error } = pushed;
        if (error.code === 'EPOCH') return fail(reply, 'EPOCH', { details: { epoch: error.epoch } });
        if (error.code !== 'FORK') return fail(reply, error.code);
        return fail(reply, 'FORK', { details: { lastN: error.lastN, lastHash: error.lastHash } });
      },
    );

    app.post(
      '/sync/v1/pull',
      { config: { access: 'session' }, schema: { body: pullRequestSchema, response: errors } },
      async (request, reply) => sendLines(request, reply, await service.pull(principalOf(request), request.body)),
    );

    app.post(
      '/sync/v1/snapshot',
      { config: { access: 'session' }, schema: { body: snapshotRequestSchema, response: errors } },
      async (request, reply) => {
        const page = await service.snapshot(principalOf(request), request.body);
        return page.ok ? sendStream(request, reply, textsOf(page.value)) : fail(reply, page.error.code, page.error);
      },
    );

    app.post(
      '/sync/v1/digest',
      {
        config: { access: 'session' },
        schema: { body: digestRequestSchema, response: { 200: digestResponseSchema, ...errors } },
      },
      async (request, reply) => sendAnswer(reply, await service.digest(principalOf(request), request.body)),
    );

    app.post(
      '/sync/v1/digest/rows',
      {
        config: { access: 'session' },
        schema: { body: digestRowsRequestSchema, response: { 200: digestRowsResponseSchema, ...errors } },
      },
      async (request, reply) => sendAnswer(reply, await service.digestRows(principalOf(request), request.body)),
    );

    app.post(
      '/sync/v1/rows',
      { config: { access: 'session' }, schema: { body: rowsRequestSchema, response: errors } },
      async (request, reply) => sendLines(request, reply, await service.rows(principalOf(request), request.body)),
    );

    app.post(
      '/sync/v1/search',
      {
        config: { access: 'session' },
        schema: { body: searchRequestSchema, response: { 200: searchResponseSchema, ...errors } },
      },
      async (request, reply) => sendAnswer(reply, await service.search(principalOf(request), request.body)),
    );

    app.post(
      '/sync/v1/wiped',
      { config: { access: 'handIn' }, schema: { body: wipedRequestSchema, response: { 204: z.null(), ...errors } } },
      async (request, reply) => {
        const principal = principalOf(request);
        // Only a revoked device erases itself: any other would be believed gone while it works on.
        if (!principal.revoked) return fail(reply, 'forbidden');
        await recordWipe(deps.db, principal, { ...request.body, now: deps.now() });
        return reply.code(204).send(null);
      },
    );
  };
