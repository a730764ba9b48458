import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlobsUnavailable, newObjectName } from '../../../src/store/blobs/blob-store.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import { createS3BlobStore } from '../../../src/store/blobs/s3-blob-store.ts';
import { sha256Of } from './blob-rig.ts';
import { describePlace } from './place-contract.ts';
import { type StrictS3, signatureOf, startStrictS3 } from './strict-s3.ts';

describePlace('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'place-'));
  await writeFile(join(folder, 'README'), 'not of ours');
  return { store: createFileBlobStore(folder), close: () => rm(folder, { recursive: true, force: true }) };
});
describePlace('S3', async () => {
  const s3 = await startStrictS3();
  s3.objects.set('desk/one/README', { bytes: Buffer.from('not of ours'), at: 1 });
  s3.objects.set(`desk/two/${newObjectName()}`, { bytes: Buffer.from('another prefix'), at: 1 });
  return {
    store: createS3BlobStore(s3.place),
    close: async () => {
      expect(s3.refusals).toEqual([]);
      await s3.close();
    },
  };
});

const about = (bytes: Buffer) => ({ size: bytes.length, sha256: sha256Of(bytes) });
const once = (bytes: Buffer) =>
  async function* () {
    yield bytes;
  };

describe('S3', () => {
  let s3: StrictS3;
  beforeAll(async () => {
    s3 = await startStrictS3();
  });
  afterAll(() => s3.close());

  it('the service of the tests counts signatures as the published example has them', () => {
    const signature = signatureOf(
      {
        method: 'GET',
        target: '/test.txt',
        headers: {
          host: 'examplebucket.s3.amazonaws.com',
          range: 'bytes=0-9',
          'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          'x-amz-date': '20130524T000000Z',
        },
        signedHeaders: ['host', 'range', 'x-amz-content-sha256', 'x-amz-date'],
        amzDate: '20130524T000000Z',
        region: 'us-east-1',
      },
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    );
    expect(signature).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
  });

  it('another secret opens nothing', async () => {
    const store = createS3BlobStore({ ...s3.place, secretAccessKey: 'another' });
    const bytes = randomBytes(10);
    expect(await store.put(newObjectName(), once(bytes), about(bytes))).toEqual({ ok: false, error: 'unavailable' });
    await expect(store.sizeOf(newObjectName())).rejects.toThrow(BlobsUnavailable);
    expect(s3.objects.size).toBe(0);
  });

  it('bytes that are not what was signed make no object', async () => {
    const store = createS3BlobStore(s3.place);
    const said = about(randomBytes(10));
    expect((await store.put(newObjectName(), once(randomBytes(10)), said)).ok).toBe(false);
    expect(s3.objects.size).toBe(0);
  });

  it('42 what passes is tried again, with the whole body; what does not is told', async () => {
    const store = createS3BlobStore(s3.place);
    const bytes = randomBytes(100_000);
    const name = newObjectName();
    s3.fail(503, 2);
    expect((await store.put(name, once(bytes), about(bytes))).ok).toBe(true);
    expect(s3.objects.get(`desk/one/${name}`)?.bytes.equals(bytes)).toBe(true);
    s3.fail(500, 2);
    expect(await store.sizeOf(name)).toBe(100_000);
    s3.fail(503, 3);
    expect(await store.put(newObjectName(), once(bytes), about(bytes))).toEqual({ ok: false, error: 'unavailable' });
    s3.fail(403, 1, 'QuotaExceeded');
    expect(await store.put(newObjectName(), once(bytes), about(bytes))).toEqual({ ok: false, error: 'full' });
    s3.fail(507, 1, 'XMinioStorageFull');
    expect(await store.put(newObjectName(), once(bytes), about(bytes))).toEqual({ ok: false, error: 'full' });
  });

  it('an answer that breaks off is not taken for the end of the file', async () => {
    const store = createS3BlobStore(s3.place);
    const bytes = randomBytes(400_000);
    const name = newObjectName();
    await store.put(name, once(bytes), about(bytes));
    s3.breakNext();
    await expect(
      (async () => {
        for await (const chunk of store.read(name)) expect(chunk.length).toBeGreaterThan(0);
      })(),
    ).rejects.toThrow(BlobsUnavailable);
  });

  it('a service that is not there is told so', async () => {
    const store = createS3BlobStore({ ...s3.place, endpoint: 'http://127.0.0.1:9' });
    const bytes = randomBytes(10);
    expect(await store.put(newObjectName(), once(bytes), about(bytes))).toEqual({ ok: false, error: 'unavailable' });
    await expect(store.sizeOf(newObjectName())).rejects.toThrow(BlobsUnavailable);
  });
});

describe('folder', () => {
  it('one that is not there, as on a disk that was taken out, is no news of its files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'place-'));
    const store = createFileBlobStore(folder);
    const bytes = randomBytes(10);
    const name = newObjectName();
    await store.put(name, once(bytes), about(bytes));
    await rm(folder, { recursive: true });
    await expect(store.sizeOf(name)).rejects.toThrow(BlobsUnavailable);
    await expect(store.room()).rejects.toThrow(BlobsUnavailable);
  });
});
