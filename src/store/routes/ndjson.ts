import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, createZstdCompress, gzip, zstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NDJSON } from '../../protocol/sync/messages.ts';

const SMALL = 2_000;
const gzipAll = promisify(gzip);
const zstdAll = promisify(zstdCompress);
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const gzipOptions = { level: 3 };

type Encoding = 'zstd' | 'gzip' | null;

/** Only what the caller asks for by name: on a loopback compressing costs more than it saves. */
function encodingOf(request: FastifyRequest): Encoding {
  const asked = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim());
  return asked.includes('zstd') ? 'zstd' : asked.includes('gzip') ? 'gzip' : null;
}

const head = (reply: FastifyReply, encoding: Encoding): FastifyReply => {
  reply.header('content-type', NDJSON).header('cache-control', 'no-store').header('vary', 'accept-encoding');
  return encoding === null ? reply : reply.header('content-encoding', encoding);
};

/** Streams pieces as they come. A failure on the way cuts the answer: with no end line it is not an answer. */
export function sendStream(request: FastifyRequest, reply: FastifyReply, pieces: AsyncGenerator<string>): FastifyReply {
  const encoding = encodingOf(request);
  const source = Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 20 });
  if (encoding === null) return head(reply, encoding).send(source);
  const packer = encoding === 'zstd' ? createZstdCompress(zstdOptions) : createGzip(gzipOptions);
  pipeline(source, packer, (error) => {
    if (error) request.log.warn({ err: error }, 'an answer was cut');
  });
  return head(reply, encoding).send(packer);
}

/** Sends a whole text. */
export async function sendText(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  const encoding = text.length < SMALL ? null : encodingOf(request);
  if (encoding === null) return head(reply, encoding).send(text);
  const packed = encoding === 'zstd' ? await zstdAll(text, zstdOptions) : await gzipAll(text, gzipOptions);
  return head(reply, encoding).send(packed);
}

/** Sends JSON that is text already, with no pass through a schema. */
export const sendJsonText = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(text);
