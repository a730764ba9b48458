import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import tls from 'node:tls';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { StoreFailure } from '../../core/ports/store-client.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { failureOfAnswer, failureOfError } from './failures.ts';
import { retryAfterMs } from './retry-after.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accessToken: string | null;
  readonly body: unknown;
  /** Longest silence, before the answer and between its pieces. */
  readonly idleMs: number;
  readonly traceparent?: string | null;
  readonly signal: AbortSignal | null;
}
export interface Transport {
  /** The body of a 2xx answer as it streams, uncompressed; every other end is a failure. Never rejects. */
  send(call: Call): Promise<Result<Readable, StoreFailure>>;
  /** The answer as it comes, whatever its status; the caller reads or destroys it. Never rejects. */
  exchange(call: RawCall): Promise<Result<http.IncomingMessage, StoreFailure>>;
  close(): void;
}
export interface RawCall {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PATCH';
  /** A path at the store, or an address of the same protocol. */
  readonly to: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Uint8Array | null;
  readonly idleMs: number;
  readonly signal: AbortSignal | null;
}

/** Longest silence of a request: then the link counts as gone. */
export const IDLE_MS = 15_000;
/** Bodies of error answers are read up to here. */
const ERROR_BODY_BYTES = 1_000_000;
const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.');

/**
 * HTTP over node's own client: its errors carry codes for certificates and proxies alike. Connections are kept;
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment hold, and so do the certificates that the system trusts. Redirects are not followed.
 */
export function createTransport(storeUrl: string): Transport {
  const base = new URL(storeUrl);
  const secure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: 8, proxyEnv: process.env };
  const agent = secure ? new https.Agent({ ...options, secureContext: trustOfSystem() }) : new http.Agent(options);
  // On a loopback compressing costs more than it saves.
  const encoding = isLoopback(base.hostname) ? 'identity' : 'zstd, gzip';

  function once({
    to,
    method,
    headers,
    body,
    idleMs,
    signal,
  }: RawCall): Promise<
    { readonly answer: http.IncomingMessage } | { readonly error: unknown; readonly stale: boolean }
  > {
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(new URL(to, base), {
        agent,
        method,
        timeout: idleMs,
        ...(signal === null ? {} : { signal }),
        headers,
      });
      request.on('timeout', () => request.destroy());
      request.on('response', (answer) => resolve({ answer }));
      request.on('error', (error) => {
        // A kept connection that the other side had closed already: nothing of the request was heard.
        const stale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        resolve({ error, stale });
      });
      request.end(body ?? undefined);
    });
  }

  async function exchange(call: RawCall): Promise<Result<http.IncomingMessage, StoreFailure>> {
    let got = await once(call);
    if ('error' in got && got.stale) got = await once(call);
    return 'error' in got ? err(failureOfError(got.error)) : ok(got.answer);
  }

  return {
    async send(call) {
      const payload = call.body === null ? null : Buffer.from(JSON.stringify(call.body));
      const got = await exchange({
        method: call.method,
        to: call.path,
        headers: {
          'accept-encoding': encoding,
          ...(call.accessToken === null ? {} : { authorization: `Bearer ${call.accessToken}` }),
          ...(typeof call.traceparent === 'string' ? { traceparent: call.traceparent } : {}),
          ...(payload === null ? {} : { 'content-type': 'application/json', 'content-length': payload.length }),
        },
        body: payload,
        idleMs: call.idleMs,
        signal: call.signal,
      });
      if (!got.ok) return got;
      const answer = got.value;
      const status = answer.statusCode ?? 0;
      const body = unpacked(answer);
      if (status >= 200 && status < 300) return ok(body);
      const text = await textOf(body, ERROR_BODY_BYTES);
      const retryAfter = retryAfterMs(answer.headers['retry-after'], answer.headers.date);
      return err(failureOfAnswer(status, retryAfter, parseJson(text ?? '')));
    },
    exchange,
    close: () => agent.destroy(),
  };
}

/** Node's own roots and the system's: an organisation's inspecting proxy signs with a root of its own. */
function trustOfSystem(): tls.SecureContext {
  const ca = [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
  return tls.createSecureContext({ ca: [...new Set(ca)] });
}

function unpacked(answer: http.IncomingMessage): Readable {
  const coding = answer.headers['content-encoding'];
  const unpacker = coding === 'zstd' ? createZstdDecompress() : coding === 'gzip' ? createGunzip() : null;
  if (unpacker === null) return answer;
  // An answer that is cut must end its reader too.
  answer.on('error', (error) => unpacker.destroy(error));
  answer.on('aborted', () => unpacker.destroy(new Error('the answer was cut')));
  unpacker.on('close', () => answer.destroy());
  return answer.pipe(unpacker);
}

/** The whole text; null when it was cut or is longer than `limit` bytes. */
export async function textOf(body: Readable, limit: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      const chunk: Buffer = piece;
      bytes += chunk.length;
      if (bytes > limit) return null;
      pieces.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(pieces).toString('utf8');
}
