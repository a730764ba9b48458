import { afterEach, describe, expect, it, vi } from 'vitest';
import { readBlobPlace, readBlobs } from '../../../src/store/cli/blob-options.ts';

afterEach(() => vi.unstubAllEnvs());
const flags = { host: '127.0.0.1', blobsPort: '0' };
const keys = () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
};

describe('where files are', () => {
  it('is a folder, a bucket with its prefix, or nowhere', () => {
    expect(readBlobs(flags)).toBeNull();
    expect(readBlobs({ ...flags, blobs: '/srv/files' })).toEqual({
      place: { kind: 'folder', folder: '/srv/files' },
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
      deskBytes: null,
    });
    expect(readBlobs({ ...flags, blobs: '/srv/files', blobsQuota: '0.5' })?.deskBytes).toBe(500_000_000);
    keys();
    expect(readBlobPlace({ blobsS3: 'https://s3.example:9000/desk/one/two' })).toEqual({
      kind: 's3',
      s3: {
        endpoint: 'https://s3.example:9000',
        bucket: 'desk',
        prefix: 'one/two/',
        region: 'us-east-1',
        accessKeyId: 'id',
        secretAccessKey: 'secret',
      },
    });
    vi.stubEnv('CHASQUI_BLOBS', '/elsewhere');
    expect(readBlobPlace({})).toEqual({ kind: 'folder', folder: '/elsewhere' });
  });

  it.each([
    ['no keys', { blobsS3: 'https://s3.example/desk' }, 'AWS_ACCESS_KEY_ID'],
    ['two places', { blobs: '/a', blobsS3: 'https://s3.example/desk' }, 'give one'],
    ['an origin with a path', { blobs: '/a', blobsUrl: 'https://files.example/x' }, '--blobs-url'],
    ['an origin of another kind', { blobs: '/a', blobsUrl: 'ftp://files.example' }, '--blobs-url'],
    ['a port that is none', { blobs: '/a', blobsPort: 'x' }, '--blobs-port'],
    ['a quota of nothing', { blobs: '/a', blobsQuota: '0' }, '--blobs-quota'],
    ['a quota that is no number', { blobs: '/a', blobsQuota: 'mucho' }, '--blobs-quota'],
    ['no way to every address', { blobs: '/a', host: '0.0.0.0' }, '--blobs-url is missing'],
    ['no way to every address', { blobs: '/a', host: '::' }, '--blobs-url is missing'],
  ])('1.6 %s: one sentence that names it', (_what, over, words) => {
    expect(() => readBlobs({ ...flags, ...over })).toThrow(words);
  });

  it.each([
    ['http://s3.example'],
    ['http://s3.example/UPPER'],
    ['s3://desk/one'],
    ['https://s3.example/desk?x=1'],
    ['desk'],
  ])('1.6 %s is no bucket', (blobsS3) => {
    keys();
    expect(() => readBlobPlace({ blobsS3 })).toThrow('--blobs-s3 must be');
  });

  it('behind a proxy addresses begin with its origin', () => {
    const read = readBlobs({ ...flags, host: '0.0.0.0', blobs: '/a', blobsUrl: 'https://files.example/' });
    expect(read?.publicUrl).toBe('https://files.example');
  });
});
