import { Readable } from 'node:stream';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { createAttemptLimiter } from '../auth/attempts.ts';
import { loadSession, principalOf } from '../auth/load-principal.ts';
import type { AttachmentRow } from '../db/attachment-rows.ts';
import { isUnavailable } from '../db/conflicts.ts';
import type { Database } from '../db/pool.ts';
import type { StoreMetrics } from '../metrics/create-metrics.ts';
import type { BlobService } from './blob-service.ts';
import { BlobGone, BlobsUnavailable, type ByteRange } from './blob-store.ts';
import { readToken } from './read-address.ts';
import { servedAs } from './served-as.ts';

export interface ServeDeps {
  readonly db: Pick<Database, 'pool'>;
  readonly blobs: BlobService;
  readonly now: () => number;
  readonly metrics?: Pick<StoreMetrics, 'answered'>;
}
const MINUTE = 60_000;

/** One range of `bytes=`; null: the whole file; `outside`: 416. More than one range is answered with the whole file. */
export function rangeOf(header: string | undefined, size: number): ByteRange | null | 'outside' {
  const said = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = said ?? [];
  if (said === null || (first === '' && last === '')) return null;
  if (first === '') return last === '0' ? 'outside' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const range = { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (last !== '' && Number(last) < range.start) return null;
  return range.start >= size ? 'outside' : range;
}

/**
 * The origin of contents: files by their address, and nothing else, so that nothing in them is ever of the store's own origin. An address
 * is looked at with the rights of this moment: a revoked session, or a ticket that left the scope, reads no more.
 */
export function createBlobOrigin(
  { db, blobs, now, metrics }: ServeDeps,
  logger: FastifyBaseLogger | false,
): FastifyInstance {
  const app = Fastify({
    ...(logger === false ? { logger: false } : { loggerInstance: logger }),
    // An address opens its file: it stands in no log.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  app.addHook('onResponse', async ({ routeOptions }, reply) =>
    metrics?.answered(routeOptions.url ?? null, reply.statusCode, reply.elapsedTime, null),
  );
  const guesses = createAttemptLimiter({ max: 50, windowMs: 5 * MINUTE, maxKeys: 10_000, now });

  const nothing = (reply: FastifyReply, status: number): FastifyReply =>
    reply
      .code(status)
      .headers({
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      .send();

  /** `forged`: nobody of the store made it. Null: there is nothing to read behind it now. */
  async function fileBehind(
    token: string,
  ): Promise<'forged' | null | (AttachmentRow & { readonly objectName: string })> {
    const read = readToken(token);
    if (read === null) return 'forged';
    const { deskId, sessionId, ticketId, attachmentId } = read.grant;
    const { rows } = await db.pool.query<{ key: string }>('select seal_key as key from desks where id = $1', [deskId]);
    if (rows[0] === undefined || !read.isSealed(rows[0].key)) return 'forged';
    if (read.grant.expiresAt <= now()) return null;
    const session = await loadSession(db.pool, sessionId);
    if (session === null || session.revoked || session.sessionRevoked || session.deskId !== deskId) return null;
    const found = await blobs.visible(principalOf(sessionId, session), { ticketId, attachmentId });
    if (found === null || found.objectName === null) return null;
    return { ...found, objectName: found.objectName };
  }

  async function serve(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply) {
    const file = await fileBehind(request.params.token);
    if (file === null) return nothing(reply, 404);
    if (file === 'forged') {
      // Only guesses wait: behind a proxy everybody comes from one address, and nobody may shut the others out.
      const wait = guesses.waitMs(request.ip);
      guesses.fail(request.ip);
      return wait === 0
        ? nothing(reply, 404)
        : nothing(reply.header('retry-after', String(Math.ceil(wait / 1000))), 429);
    }
    const { size, sha256, objectName } = file;
    if ((await blobs.store.sizeOf(objectName)) !== size) return nothing(reply, 404);
    const tag = `"${sha256}"`;
    const condition = request.headers['if-range'];
    const range = condition === undefined || condition === tag ? rangeOf(request.headers.range, size) : null;
    reply.headers({ ...servedAs(file), 'accept-ranges': 'bytes', etag: tag });
    if (range === 'outside') return reply.header('content-range', `bytes */${size}`).code(416).send();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    reply.header('content-length', String(end - start + 1));
    if (range !== null) reply.header('content-range', `bytes ${start}-${end}/${size}`).code(206);
    if (request.method === 'HEAD') return reply.send();
    return reply.send(Readable.from(blobs.store.read(objectName, { start, end }), { objectMode: false }));
  }

  app.setNotFoundHandler((_request, reply) => nothing(reply, 404));
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 400 && status < 500) return nothing(reply, status);
    const away = isUnavailable(error) || error instanceof BlobGone || error instanceof BlobsUnavailable;
    request.log[away ? 'warn' : 'error']({ err: error }, 'a file could not be served');
    return nothing(reply, 503);
  });
  app.route({ method: ['GET', 'HEAD'], url: '/b/:token', handler: serve });
  return app;
}
