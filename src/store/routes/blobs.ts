import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { attachmentBounds } from '../../domain/attachments.ts';
import { permissionTable } from '../../domain/permissions.ts';
import { idSchema } from '../../domain/vocabulary.ts';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import {
  BLOB_OFFER,
  BLOB_OPEN,
  BLOB_UPLOADS,
  blobOfferRequestSchema,
  blobOfferResponseSchema,
  blobOpenRequestSchema,
  blobOpenResponseSchema,
} from '../../protocol/sync/blobs.ts';
import { hashSchema } from '../../protocol/sync/command.ts';
import type { Result } from '../../shared/result.ts';
import type { BlobService } from '../blobs/blob-service.ts';
import { BlobGone, BlobsUnavailable } from '../blobs/blob-store.ts';
import type { UploadFailure, UploadState } from '../blobs/uploads.ts';
import type { StoreDeps } from '../store-deps.ts';
import { principalOf } from './access.ts';
import { fail } from './failures.ts';

const TUS_VERSION = '1.0.0';
const BYTES = 'application/offset+octet-stream';
const errors = { '4xx': storeErrorSchema, '5xx': storeErrorSchema };
const uploadParams = z.strictObject({ id: idSchema });
const lengthSchema = z.coerce.number().int().min(0);
const metadataSchema = z.object({ sha256: hashSchema, ticketId: idSchema, attachmentId: idSchema });

/** `Upload-Metadata`: pairs of key and base64, separated by commas. */
function metadataOf(header: unknown): unknown {
  if (typeof header !== 'string') return null;
  const pairs = header.split(',').map((pair) => pair.trim().split(' '));
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, Buffer.from(value, 'base64').toString()]));
}

const numberIn = (header: unknown): number | null => {
  const text = typeof header === 'string' && /^\d{1,15}$/.test(header) ? header : null;
  return text === null ? null : lengthSchema.parse(text);
};

/** A proxy that lets only POST through has the verb in a header. */
const verbOf = (request: FastifyRequest): string => {
  const said = request.headers['x-http-method-override'];
  return request.method === 'POST' && typeof said === 'string' ? said.toUpperCase() : request.method;
};

/**
 * tus 1.0: creation, HEAD, PATCH, termination. What is sent after an answer that does not wait for it ends with the connection: a console
 * would send a whole file to learn that there is no room for it.
 */
export const blobRoutes =
  (deps: StoreDeps): FastifyPluginAsyncZod =>
  async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('tus-resumable', TUS_VERSION).header('cache-control', 'no-store');
    });
    app.setErrorHandler(async (error, request, reply) => {
      if (!request.raw.complete) reply.header('connection', 'close');
      if (!(error instanceof BlobsUnavailable) && !(error instanceof BlobGone)) throw error;
      request.log.warn({ err: error }, 'the place of the files does not answer as it should');
      return fail(reply, 'unavailable');
    });

    /** The service, where this store has a place for files; else the console keeps them and tries again. */
    const withBlobs = async (
      reply: FastifyReply,
      work: (blobs: BlobService) => Promise<FastifyReply>,
    ): Promise<FastifyReply> => (deps.blobs === undefined ? fail(reply, 'unavailable') : work(deps.blobs));

    const failUpload = (
      request: FastifyRequest,
      reply: FastifyReply,
      code: UploadFailure | 'badRequest' | 'forbidden',
    ): FastifyReply => {
      // Of a body that nobody reads to its end.
      if (!request.raw.complete) reply.header('connection', 'close');
      return fail(reply, code);
    };
    const stands = (
      request: FastifyRequest,
      reply: FastifyReply,
      status: number,
      answer: Result<UploadState, UploadFailure>,
    ): FastifyReply => {
      if (!answer.ok) return failUpload(request, reply, answer.error);
      const { offset, size } = answer.value;
      reply.header('upload-offset', String(offset)).header('upload-length', String(size));
      return reply.code(status).send();
    };
    const speaksTus = (request: FastifyRequest): boolean => request.headers['tus-resumable'] === TUS_VERSION;

    async function create(request: FastifyRequest, reply: FastifyReply, blobs: BlobService): Promise<FastifyReply> {
      const size = numberIn(request.headers['upload-length']);
      const said = metadataSchema.safeParse(metadataOf(request.headers['upload-metadata']));
      if (size === null || size === 0 || !said.success) return failUpload(request, reply, 'badRequest');
      const sender = principalOf(request);
      // Who may attach nothing takes no room.
      if (permissionTable.addAttachment[sender.role] === 'no') return failUpload(request, reply, 'forbidden');
      const made = await blobs.uploads.create(sender, { ...said.data, size });
      if (made.ok) reply.header('location', `${BLOB_UPLOADS}/${made.value.id}`);
      return stands(request, reply, 201, made);
    }

    async function change(request: FastifyRequest, reply: FastifyReply, blobs: BlobService): Promise<FastifyReply> {
      const { uploads } = blobs;
      const sender = principalOf(request);
      const { id } = uploadParams.parse(request.params);
      const verb = verbOf(request);
      if (verb === 'HEAD') return stands(request, reply, 200, await uploads.state(sender, id));
      if (verb === 'DELETE') {
        const removed = await uploads.remove(sender, id);
        return removed.ok ? reply.code(204).send() : failUpload(request, reply, removed.error);
      }
      const offset = numberIn(request.headers['upload-offset']);
      if (verb !== 'PATCH' || offset === null || request.headers['content-type'] !== BYTES)
        return failUpload(request, reply, 'badRequest');
      return stands(request, reply, 204, await uploads.receive(sender, id, offset, request.body as Readable));
    }

    await app.register(async (scope) => {
      // Bytes as they come, and nothing that would be gathered in memory first.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(BYTES, (_request, payload, done) => done(null, payload));
      scope.options(BLOB_UPLOADS, { config: { access: 'public' } }, async (_request, reply) =>
        reply
          .code(204)
          .header('tus-version', TUS_VERSION)
          .header('tus-extension', 'creation,termination')
          .header('tus-max-size', String(attachmentBounds.fileBytes))
          .send(),
      );
      scope.post(
        BLOB_UPLOADS,
        { config: { access: 'handIn' }, schema: { response: errors } },
        async (request, reply) =>
          speaksTus(request) ? withBlobs(reply, (blobs) => create(request, reply, blobs)) : fail(reply, 'badRequest'),
      );
      scope.route({
        method: ['HEAD', 'PATCH', 'DELETE', 'POST'],
        url: `${BLOB_UPLOADS}/:id`,
        config: { access: 'handIn' },
        bodyLimit: attachmentBounds.fileBytes,
        schema: { params: uploadParams, response: errors },
        handler: async (request, reply) =>
          speaksTus(request) ? withBlobs(reply, (blobs) => change(request, reply, blobs)) : fail(reply, 'badRequest'),
      });
    });

    app.post(
      BLOB_OFFER,
      {
        config: { access: 'handIn' },
        schema: { body: blobOfferRequestSchema, response: { 200: blobOfferResponseSchema, ...errors } },
      },
      async (request, reply) =>
        withBlobs(reply, async ({ offer }) =>
          reply.send({ files: await offer(principalOf(request), request.body.files) }),
        ),
    );

    app.post(
      BLOB_OPEN,
      {
        config: { access: 'session' },
        schema: { body: blobOpenRequestSchema, response: { 200: blobOpenResponseSchema, ...errors } },
      },
      async (request, reply) =>
        withBlobs(reply, async ({ open }) => {
          const opened = await open(principalOf(request), request.body);
          return opened.ok ? reply.send(opened.value) : fail(reply, opened.error);
        }),
    );
  };
