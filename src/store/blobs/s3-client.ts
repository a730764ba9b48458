import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { AwsV4Signer } from 'aws4fetch';
import { BlobsUnavailable } from './blob-store.ts';

export interface S3Place {
  /** Address of the service, as https://s3.example or http://host:port. */
  readonly endpoint: string;
  readonly bucket: string;
  /** What all keys begin with: empty, or ending in a slash. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Key under the prefix; empty: the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly bytes: AsyncIterable<Uint8Array>; readonly size: number; readonly sha256: string };
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** Silence after which the service is taken to be away. */
const SILENCE_MS = 30_000;

/**
 * Requests to any service that speaks S3, bucket in the path, signed by version 4 with the hash of the body: the service refuses bytes that
 * changed on the way. Bodies are streams of known length in both directions. Rejects with `BlobsUnavailable` when there is no answer.
 */
export function createS3Client(place: S3Place) {
  const { endpoint, bucket, prefix, ...credentials } = place;
  const secure = new URL(endpoint).protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const cache = new Map<string, ArrayBuffer>();

  return async function send({ method, key, query = {}, headers = {}, body }: S3Request): Promise<IncomingMessage> {
    const url = new URL(`${endpoint.replace(/\/$/, '')}/${bucket}${key === '' ? '' : `/${prefix}${key}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = await new AwsV4Signer({
      ...credentials,
      cache,
      service: 's3',
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': body?.sha256 ?? EMPTY_SHA256 },
    }).sign();
    const sending = (secure ? httpsRequest : httpRequest)(signed.url, {
      method,
      agent,
      timeout: SILENCE_MS,
      headers: {
        ...Object.fromEntries(signed.headers),
        ...(body === undefined ? {} : { 'content-length': body.size }),
      },
    });
    sending.on('timeout', () => sending.destroy(new Error('the service of the files is silent')));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sending.on('response', resolve);
      sending.on('error', (error) =>
        reject(new BlobsUnavailable('the service of the files does not answer', { cause: error })),
      );
    });
    // Looked at below; a failed body may end it first.
    answered.catch(() => undefined);
    if (body === undefined) sending.end();
    else {
      let broken: { readonly error: unknown } | null = null;
      const bytes = body.bytes;
      const source = (async function* () {
        try {
          yield* bytes;
        } catch (error) {
          broken = { error };
          throw error;
        }
      })();
      const sent = pipeline(source, sending).catch(() => undefined);
      const first = await Promise.race([answered, sent.then(() => null)]);
      if (broken !== null) throw (broken as { readonly error: unknown }).error;
      if (first !== null) return first;
    }
    return answered;
  };
}
/** The whole of a small answer. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
