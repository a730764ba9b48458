import { describe, expect, it } from 'vitest';
import { isDrawable, pictureHead } from '../../../src/renderer/features/attachments/picture-head.ts';

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [...part])));
const be32 = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const png = (width: number, height: number) =>
  bytes('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(width), be32(height), [8, 2, 0, 0, 0]);

describe('threat 13 what a file is, by its first bytes', () => {
  it('the size of a PNG, GIF, WebP and JPEG in pixels', () => {
    expect(pictureHead(png(1200, 800))).toEqual({ mediaType: 'image/png', width: 1200, height: 800 });
    expect(pictureHead(bytes('GIF89a', [0x40, 1, 0xf0, 0]))).toEqual({
      mediaType: 'image/gif',
      width: 320,
      height: 240,
    });
    const lossy = bytes('RIFF', be32(0), 'WEBPVP8 ', be32(0), [0, 0, 0, 0x9d, 0x01, 0x2a], [0x40, 1, 0xf0, 0]);
    expect(pictureHead(lossy)).toEqual({ mediaType: 'image/webp', width: 320, height: 240 });
    const extended = bytes('RIFF', be32(0), 'WEBPVP8X', be32(0), be32(0), [0x3f, 1, 0], [0xef, 0, 0]);
    expect(pictureHead(extended)).toEqual({ mediaType: 'image/webp', width: 320, height: 240 });
    const lossless = bytes('RIFF', be32(0), 'WEBPVP8L', be32(0), [0x2f, 0x3f, 0xc1, 0x3b, 0], be32(0));
    expect(pictureHead(lossless)).toEqual({ mediaType: 'image/webp', width: 320, height: 240 });
    const camera = [0xff, 0xe1, 0x01, 0x02, ...new Array(256).fill(7)];
    const frame = [0xff, 0xc2, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3];
    expect(pictureHead(bytes([0xff, 0xd8], camera, [0xff], frame))).toEqual({
      mediaType: 'image/jpeg',
      width: 4000,
      height: 3000,
    });
  });

  it('pages, drawings, programs and cut files are no pictures, whatever they are called', () => {
    const others = ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', 'MZ\x90\0', '%PDF-1.7', 'BM', ''];
    for (const text of others) expect(pictureHead(bytes(text)), text).toBeNull();
    expect(pictureHead(png(10, 10).subarray(0, 20))).toBeNull();
    expect(pictureHead(bytes([0xff, 0xd8, 0xff, 0xe1, 0, 0]))).toBeNull();
    expect(pictureHead(png(0, 10))).toBeNull();
  });

  it('threat 14 a picture that would fill the memory is not drawn', () => {
    expect(isDrawable(pictureHead(png(10_000, 10_000)))).toBe(true);
    expect(isDrawable(pictureHead(png(10_001, 10_000)))).toBe(false);
    expect(isDrawable(pictureHead(png(0xffffffff, 0xffffffff)))).toBe(false);
    expect(isDrawable(null)).toBe(false);
  });
});
