import { describe, expect, it } from 'vitest';
import { drawableTypes } from '../../../src/domain/attachments.ts';
import { servedAs } from '../../../src/store/blobs/served-as.ts';

describe('13 35 how contents go out', () => {
  it.each([
    ['x.svg', 'image/svg+xml'],
    ['x.html', 'text/html'],
    ['x.html', 'TEXT/HTML'],
    ['x.xml', 'application/xml'],
    ['x.xhtml', 'application/xhtml+xml'],
    ['x.js', 'text/javascript'],
    ['x.mjs', 'application/javascript'],
    ['x.wasm', 'application/wasm'],
    ['x.css', 'text/css'],
    ['x.bin', 'what/ever'],
  ])('%s said to be %s is bytes to save', (name, mediaType) => {
    const headers = servedAs({ name, mediaType });
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toMatch(/^attachment; /);
  });

  it('whatever it is, no script runs, no type is guessed, nobody else embeds it and nothing keeps it', () => {
    for (const mediaType of [...drawableTypes, 'application/pdf', 'text/html', 'text/plain']) {
      expect(servedAs({ name: 'x', mediaType })).toMatchObject({
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-store',
      });
    }
  });

  it('only pictures that can be drawn are not for saving; HTML that calls itself a picture is a broken picture', () => {
    for (const mediaType of drawableTypes)
      expect(servedAs({ name: 'x.html', mediaType })['content-disposition']).toMatch(/^inline; /);
    expect(servedAs({ name: 'x.pdf', mediaType: 'application/pdf' })['content-disposition']).toMatch(/^attachment; /);
    expect(servedAs({ name: 'x.txt', mediaType: 'text/plain' })['content-type']).toBe('text/plain; charset=utf-8');
  });

  it.each([
    ['informe.pdf', 'filename="informe.pdf"; filename*=UTF-8\'\'informe.pdf'],
    ['año "nuevo".pdf', 'filename="an_o _nuevo_.pdf"; filename*=UTF-8\'\'a%C3%B1o%20%20nuevo%20.pdf'],
    ['../../etc/passwd', 'filename="passwd"; filename*=UTF-8\'\'passwd'],
    ['a\r\nset-cookie: x=1.txt', undefined],
    ['', 'filename="archivo"; filename*=UTF-8\'\'archivo'],
    ['\u202egnp.exe', undefined],
    ["it's (1) 100%.txt", undefined],
    ['\ud800.txt', undefined],
  ])('12 the name %j stands in one header, safe', (name, exact) => {
    const header = servedAs({ name, mediaType: 'application/pdf' })['content-disposition'];
    expect(header).toMatch(
      /^attachment; filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/,
    );
    expect(header).not.toMatch(/%0D|%0A|%E2%80%AE|[\r\n]/);
    if (exact !== undefined && !name.includes('"')) expect(header).toBe(`attachment; ${exact}`);
  });
});
