import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Place } from '../../../src/store/blobs/s3-client.ts';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export interface SignedRequest {
  readonly method: string;
  /** Path with its query, as it came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly amzDate: string;
  readonly region: string;
}

/** The signature, version 4, counted from the published description and not by the code under test. */
export function signatureOf(request: SignedRequest, secret: string): string {
  const [path = '', query = ''] = request.target.split('?');
  const pairs =
    query === ''
      ? []
      : query.split('&').map((pair) => pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' '))));
  const canonicalQuery = pairs
    .map(([key = '', value = '']) => [encoded(key), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const canonical = [
    request.method,
    path
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    canonicalQuery,
    ...request.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    request.signedHeaders.join(';'),
    request.headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const day = request.amzDate.slice(0, 8);
  const scope = `${day}/${request.region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secret}`, day), request.region));
  return hmac(key, ['AWS4-HMAC-SHA256', request.amzDate, scope, sha256(canonical)].join('\n')).toString('hex');
}

interface Stored {
  readonly bytes: Buffer;
  readonly at: number;
}
export interface StrictS3 {
  readonly place: S3Place;
  readonly objects: Map<string, Stored>;
  /** Answers this status to that many requests. */
  fail(status: number, times: number, code?: string): void;
  /** Breaks the connection in the middle of the next answer with a body. */
  breakNext(): void;
  /** What was refused, and why. */
  readonly refusals: string[];
  requests: number;
  close(): Promise<void>;
}

/**
 * A service that speaks as much S3 as the product asks for, and believes nothing: every signature is counted anew, every body is held
 * against the hash that was signed, a body without a length is refused, lists come in pages of two.
 */
export async function startStrictS3(): Promise<StrictS3> {
  const [accessKeyId, secretAccessKey, region, bucket] = [
    'AKIDFORTESTS',
    randomBytes(20).toString('base64'),
    'test-1',
    'files',
  ];
  const objects = new Map<string, Stored>();
  const refusals: string[] = [];
  let failing: { status: number; times: number; code: string } = { status: 0, times: 0, code: '' };
  let breaking = false;

  function whyRefused(request: IncomingMessage, body: Buffer): string | null {
    const said =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
        request.headers.authorization ?? '',
      );
    if (said === null) return 'no signature';
    const [, id, day, where, names = '', signature = ''] = said;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
    const amzDate = headers['x-amz-date'] ?? '';
    if (id !== accessKeyId || where !== region || !amzDate.startsWith(day ?? '-')) return 'another key, region or day';
    const at = Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(Date.now() - at) < 15 * 60_000)) return 'not of this time';
    const signedHeaders = names.split(';');
    for (const must of ['host', 'x-amz-date', 'x-amz-content-sha256'])
      if (!signedHeaders.includes(must)) return `${must} is not signed`;
    const right = signatureOf(
      { method: request.method ?? '', target: request.url ?? '', headers, signedHeaders, amzDate, region },
      secretAccessKey,
    );
    if (!timingSafeEqual(Buffer.from(right), Buffer.from(signature))) return 'the signature is wrong';
    if (sha256(body) !== headers['x-amz-content-sha256']) return 'the body is not what was signed';
    return null;
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const refuse = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    };
    server.requests++;
    if (failing.times > 0) {
      failing.times--;
      refuse(failing.status, failing.code);
      return;
    }
    const why =
      request.method === 'PUT' && request.headers['content-length'] === undefined
        ? 'no length'
        : whyRefused(request, body);
    if (why !== null) {
      refusals.push(`${request.method} ${request.url}: ${why}`);
      refuse(403, 'SignatureDoesNotMatch');
      return;
    }
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === `/${bucket}`) {
      list(url, response);
      return;
    }
    const key = decodeURIComponent(url.pathname.slice(bucket.length + 2));
    const found = objects.get(key);
    switch (request.method) {
      case 'PUT':
        objects.set(key, { bytes: body, at: Date.now() });
        response.writeHead(200, { etag: '"x"' }).end();
        return;
      case 'DELETE':
        objects.delete(key);
        response.writeHead(204).end();
        return;
    }
    if (found === undefined) {
      refuse(404, 'NoSuchKey');
      return;
    }
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const bytes = range === null ? found.bytes : found.bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    response.writeHead(range === null ? 200 : 206, { 'content-length': bytes.length });
    if (breaking && request.method === 'GET') {
      breaking = false;
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      return;
    }
    response.end(request.method === 'HEAD' ? '' : bytes);
  }

  function list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, 2);
    const contents = page.map((key) => {
      const { bytes, at } = objects.get(key) as Stored;
      return `<Contents><Key>${key}</Key><LastModified>${new Date(at).toISOString()}</LastModified><ETag>&quot;x&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const more = keys.length > page.length;
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A body that was cut makes no object: a PUT is whole or nothing.
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: StrictS3 = {
    place: { endpoint, bucket, prefix: 'desk/one/', region, accessKeyId, secretAccessKey },
    objects,
    refusals,
    requests: 0,
    fail: (status, times, code = 'SlowDown') => {
      failing = { status, times, code };
    },
    breakNext: () => {
      breaking = true;
    },
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
  return server;
}
