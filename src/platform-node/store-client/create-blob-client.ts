import type http from 'node:http';
import type { z } from 'zod';
import type { BlobAnswer, BlobClientPort, DownloadPart, UploadStep } from '../../core/ports/blob-client.ts';
import {
  BLOB_OFFER,
  BLOB_OPEN,
  BLOB_UPLOADS,
  type BlobOffer,
  blobOfferResponseSchema,
  blobOpenResponseSchema,
} from '../../protocol/sync/blobs.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { type BlobCall, blobRefusal } from './blob-answers.ts';
import { createTransport, type RawCall, type Transport, textOf } from './transport.ts';

const IDLE_MS = 15_000;
/** The last piece is answered when the store has read the whole file once more. */
const FINISH_IDLE_MS = 120_000;
const MAX_JSON_BYTES = 1_000_000;
const TUS = { 'tus-resumable': '1.0.0' };
/** Statuses with which something on the way says that it lets no PATCH through. */
const patchBarred: ReadonlySet<number> = new Set([400, 403, 405, 501]);

/**
 * `BlobClientPort` over HTTP: tus 1.0 to the store, plain GET with ranges from wherever the store says. PATCH goes as POST with a
 * method override once something on the way has refused it, or has cut it twice where other requests get through; what got
 * through last is what is used.
 */
export function createBlobClient(storeUrl: string): BlobClientPort & { close(): void } {
  const transport = createTransport(storeUrl);
  const elsewhere = new Map<string, Transport>();
  let overrides = false;
  /** Pieces in a row that got no answer. */
  let unanswered = 0;

  const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });
  async function asked(
    via: Transport,
    kind: BlobCall,
    call: RawCall,
  ): Promise<Result<http.IncomingMessage, BlobAnswer & { barred?: boolean }>> {
    const got = await via.exchange(call);
    if (!got.ok) return got;
    const status = got.value.statusCode ?? 0;
    if (status >= 200 && status < 300) return got;
    const { failure, byStore } = await blobRefusal(kind, got.value);
    return err({ ...failure, barred: !byStore && patchBarred.has(status) });
  }

  async function json<T>(
    kind: BlobCall,
    path: string,
    accessToken: string,
    body: unknown,
    schema: z.ZodType<T>,
  ): Promise<Result<T, BlobAnswer>> {
    const bytes = Buffer.from(JSON.stringify(body));
    const answer = await asked(transport, kind, {
      method: 'POST',
      to: path,
      headers: { ...bearer(accessToken), 'content-type': 'application/json', 'content-length': bytes.length },
      body: bytes,
      idleMs: IDLE_MS,
      signal: null,
    });
    if (!answer.ok) return answer;
    const text = await textOf(answer.value, MAX_JSON_BYTES);
    if (text === null) return err({ kind: 'offline' });
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? ok(parsed.data) : err({ kind: 'broken' });
  }

  /** Address of an upload as a path of this very store: no other host gets a token. */
  function ownPath(location: string | undefined): string | null {
    if (location === undefined || !URL.canParse(location, storeUrl)) return null;
    const { pathname, search } = new URL(location, storeUrl);
    const at = pathname.indexOf(BLOB_UPLOADS);
    return at < 0 ? null : pathname.slice(at) + search;
  }

  return {
    async offer(token, files) {
      const answer = await json('offer', BLOB_OFFER, token, { files }, blobOfferResponseSchema);
      if (!answer.ok) return answer;
      const stateOf = new Map(answer.value.files.map(({ attachmentId, state }) => [attachmentId, state]));
      return ok(files.map(({ attachmentId }) => stateOf.get(attachmentId) ?? 'wanted'));
    },
    async create(token, file) {
      const answer = await asked(transport, 'create', {
        method: 'POST',
        to: BLOB_UPLOADS,
        headers: {
          ...TUS,
          ...bearer(token),
          'upload-length': file.size,
          'upload-metadata': metadataOf(file),
          'content-length': 0,
        },
        body: null,
        idleMs: IDLE_MS,
        signal: null,
      });
      if (!answer.ok) return answer;
      answer.value.resume();
      const uploadUrl = ownPath(answer.value.headers.location);
      // A store that does not say where it stands has just made it.
      const offset = offsetIn(answer.value) ?? 0;
      return uploadUrl === null ? err({ kind: 'broken' }) : ok({ uploadUrl, offset });
    },
    async progress(token, uploadUrl) {
      const headers = { ...TUS, ...bearer(token) };
      const call = { method: 'HEAD' as const, to: uploadUrl, headers, body: null, signal: null };
      return step(await asked(transport, 'upload', { ...call, idleMs: FINISH_IDLE_MS }));
    },
    async send(token, uploadUrl, offset, bytes, stopped) {
      const closing = new AbortController();
      const unhook = stopped.onClose(() => closing.abort());
      const piece = (override: boolean) =>
        asked(transport, 'upload', {
          method: override ? 'POST' : 'PATCH',
          to: uploadUrl,
          headers: {
            ...TUS,
            ...bearer(token),
            ...(override ? { 'x-http-method-override': 'PATCH' } : {}),
            'content-type': 'application/offset+octet-stream',
            'content-length': bytes.length,
            'upload-offset': offset,
          },
          body: bytes,
          idleMs: FINISH_IDLE_MS,
          signal: closing.signal,
        });
      // The hook holds the piece: a contact may send thousands of them.
      try {
        let answer = await piece(overrides);
        if (!answer.ok && answer.error.barred === true) {
          overrides = !overrides;
          answer = await piece(overrides);
        }
        // Cut again and again: something may cut by the method. The other one is tried next, and stays if it gets through.
        unanswered = !answer.ok && answer.error.kind === 'offline' ? unanswered + 1 : 0;
        if (unanswered >= 2 && unanswered % 2 === 0) overrides = !overrides;
        return step(answer);
      } finally {
        unhook();
      }
    },
    open: (token, of) => json('open', BLOB_OPEN, token, of, blobOpenResponseSchema),
    async *download(url, from): AsyncGenerator<DownloadPart> {
      const target = new URL(url);
      if (target.protocol !== 'http:' && target.protocol !== 'https:') {
        yield { kind: 'failed', failure: { kind: 'broken' } };
        return;
      }
      const via = elsewhere.get(target.protocol) ?? createTransport(target.origin);
      elsewhere.set(target.protocol, via);
      const closing = new AbortController();
      const answer = await asked(via, 'download', {
        method: 'GET',
        to: url,
        // No token: the address itself is the right to read.
        headers: { 'accept-encoding': 'identity', ...(from === 0 ? {} : { range: `bytes=${from}-` }) },
        body: null,
        idleMs: IDLE_MS,
        signal: closing.signal,
      });
      if (!answer.ok) {
        yield { kind: 'failed', failure: answer.error };
        return;
      }
      try {
        yield* partsOf(answer.value, from);
      } finally {
        if (!answer.value.complete) closing.abort();
      }
    },
    close() {
      transport.close();
      for (const via of elsewhere.values()) via.close();
    },
  };
}

async function* partsOf(answer: http.IncomingMessage, from: number): AsyncGenerator<DownloadPart> {
  // Whoever ignores the range sends it all.
  let skip = answer.statusCode === 206 ? 0 : from;
  if (answer.statusCode === 206 && !(answer.headers['content-range'] ?? '').startsWith(`bytes ${from}-`)) {
    yield { kind: 'failed', failure: { kind: 'broken' } };
    return;
  }
  try {
    for await (const piece of answer) {
      const chunk: Buffer = piece;
      const rest = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      if (rest.length > 0) yield { kind: 'bytes', bytes: rest };
    }
    yield { kind: 'end' };
  } catch {
    yield { kind: 'failed', failure: { kind: 'offline' } };
  }
}

function step(answer: Result<http.IncomingMessage, BlobAnswer>): Result<UploadStep, BlobAnswer> {
  if (!answer.ok) return answer;
  answer.value.resume();
  const offset = offsetIn(answer.value);
  return offset === null ? err({ kind: 'broken' }) : ok({ offset });
}

function offsetIn({ headers }: http.IncomingMessage): number | null {
  const told = headers['upload-offset'];
  return typeof told === 'string' && /^\d{1,15}$/u.test(told) ? Number(told) : null;
}

function metadataOf({ sha256, ticketId, attachmentId }: BlobOffer): string {
  const pairs = Object.entries({ sha256, ticketId, attachmentId });
  return pairs.map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
}
