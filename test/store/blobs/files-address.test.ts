import { expect, it } from 'vitest';
import { filesAddressFinding, tellFilesAddress } from '../../../src/store/cli/files-address.ts';

function told(url: string, blobsUrl?: string): [string, string][] {
  const lines: [string, string][] = [];
  const write = (level: string) => (details: object, words: string) => {
    lines.push([level, `${JSON.stringify(details)} ${words}`]);
  };
  tellFilesAddress({ info: write('info'), warn: write('warn') }, url, blobsUrl === undefined ? {} : { blobsUrl });
  return lines;
}

it.each(['http://127.0.0.1:8481', 'http://localhost:8481', 'http://[::1]:8481', 'http://127.8.0.1:80'])(
  '13.10 a store that hands out %s, and was not asked to, says so as a warning',
  (url) => {
    expect(told(url)).toEqual([['warn', expect.stringContaining(url)]]);
    expect(told(url)[0]?.[1]).toContain('--blobs-url');
    expect(told(url, url)).toEqual([['info', expect.stringContaining(url)]]);
  },
);

it('13.10 any other address is told as it is', () => {
  for (const url of ['https://files.example', 'http://10.1.2.3:8481', 'http://127.example:1'])
    expect(told(url)).toEqual([['info', expect.stringContaining(url)]]);
});

it('13.10 the doctor warns of what serve would say with the same options', () => {
  const flags = { host: '127.0.0.1', blobsPort: '8481' };
  expect(filesAddressFinding(flags)).toMatchObject({
    check: 'files',
    level: 'warning',
    what: expect.stringContaining('http://127.0.0.1:8481'),
    advice: expect.stringContaining('--blobs-url'),
  });
  expect(filesAddressFinding({ ...flags, host: '::1' })).toMatchObject({ level: 'warning' });
  expect(filesAddressFinding({ ...flags, host: '10.1.2.3' })).toBeNull();
  expect(filesAddressFinding({ ...flags, blobsUrl: 'https://files.example' })).toBeNull();
  expect(filesAddressFinding({ ...flags, blobsUrl: 'http://127.0.0.1:8481' })).toBeNull();
});
