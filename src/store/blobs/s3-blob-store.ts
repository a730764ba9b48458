import type { IncomingMessage } from 'node:http';
import { err, ok } from '../../shared/result.ts';
import { BlobGone, type BlobStore, BlobsUnavailable, isObjectName, type StoredObject } from './blob-store.ts';
import { createS3Client, type S3Place, textOf } from './s3-client.ts';

const TRIES = 3;
const WAIT_MS = 300;
/** Worth another try: the service is busy, restarting, or asks to slow down. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
/** No room by a quota of the bucket or of the disks behind it, by status or by the code in the answer. */
const FULL_CODES = new Set([
  'QuotaExceeded',
  'XMinioStorageFull',
  'InsufficientStorage',
  'StorageFull',
  'XAmzQuotaExceeded',
]);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The text between the tags of one element; S3's own lists have no attributes there and no nesting of these names. */
const element = (xml: string, name: string): string | null =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&') ?? null;

/** A bucket of any service that speaks S3. One PUT makes an object, whole or not at all. */
export function createS3BlobStore(place: S3Place): BlobStore {
  const send = createS3Client(place);

  /** Tries again what may pass. The answer may be an error that will not. */
  async function asked(request: Parameters<typeof send>[0]): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(request).catch((error: unknown) => {
        if (!(error instanceof BlobsUnavailable) || attempt === TRIES) throw error;
        return null;
      });
      if (answer !== null && !PASSING.has(answer.statusCode ?? 0)) return answer;
      answer?.resume();
      if (attempt === TRIES) throw new BlobsUnavailable(`the service of the files answered ${answer?.statusCode}`);
      await pause(WAIT_MS * attempt);
    }
  }
  async function refused(answer: IncomingMessage): Promise<never> {
    const code = element(await textOf(answer), 'Code');
    throw new BlobsUnavailable(`the service of the files answered ${answer.statusCode} ${code ?? ''}`);
  }

  return {
    place: `${place.endpoint} ${place.bucket}/${place.prefix}`,
    prepare: async () => undefined,
    async put(name, source, { size, sha256 }) {
      for (let attempt = 1; ; attempt++) {
        const answer = await send({ method: 'PUT', key: name, body: { bytes: source(), size, sha256 } }).catch(
          (error: unknown) => {
            if (error instanceof BlobsUnavailable) return null;
            throw error;
          },
        );
        const status = answer?.statusCode ?? 0;
        const text = answer === null ? '' : await textOf(answer).catch(() => '');
        if (status === 200) return ok(null);
        if (status === 507 || FULL_CODES.has(element(text, 'Code') ?? '')) return err('full');
        if ((answer !== null && !PASSING.has(status)) || attempt === TRIES) return err('unavailable');
        await pause(WAIT_MS * attempt);
      }
    },
    async sizeOf(name) {
      const answer = await asked({ method: 'HEAD', key: name });
      answer.resume();
      if (answer.statusCode === 404) return null;
      if (answer.statusCode !== 200) return refused(answer);
      return Number(answer.headers['content-length']);
    },
    async *read(name, range) {
      const headers: Record<string, string> = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
      const answer = await asked({ method: 'GET', key: name, headers });
      if (answer.statusCode === 404) {
        answer.resume();
        throw new BlobGone('there is no such object');
      }
      if (answer.statusCode !== (range === undefined ? 200 : 206)) return refused(answer);
      try {
        yield* answer as AsyncIterable<Buffer>;
      } catch (error) {
        throw new BlobsUnavailable('the service of the files broke off', { cause: error });
      }
    },
    async delete(name) {
      const answer = await asked({ method: 'DELETE', key: name });
      if (![200, 202, 204, 404].includes(answer.statusCode ?? 0)) return refused(answer);
      answer.resume();
    },
    async *list() {
      for (let token: string | null = null; ; ) {
        const answer = await asked({
          method: 'GET',
          key: '',
          query: { 'list-type': '2', prefix: place.prefix, ...(token === null ? {} : { 'continuation-token': token }) },
        });
        if (answer.statusCode !== 200) return refused(answer);
        const text = await textOf(answer);
        yield* objectsIn(text, place.prefix);
        token = element(text, 'IsTruncated') === 'true' ? element(text, 'NextContinuationToken') : null;
        if (token === null) return;
      }
    },
    room: async () => null,
  };
}

function* objectsIn(xml: string, prefix: string): Generator<StoredObject> {
  for (const [, content = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const name = (element(content, 'Key') ?? '').slice(prefix.length);
    const size = Number(element(content, 'Size'));
    const changedAt = Date.parse(element(content, 'LastModified') ?? '');
    if (isObjectName(name) && Number.isFinite(size) && Number.isFinite(changedAt)) yield { name, size, changedAt };
  }
}
