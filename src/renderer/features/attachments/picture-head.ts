import type { drawableTypes } from '../../../domain/attachments.ts';

export interface PictureHead {
  readonly mediaType: (typeof drawableTypes)[number];
  readonly width: number;
  readonly height: number;
}

/** A picture that would take more than this in memory is never decoded, whatever its file's size. */
export const MOST_PIXELS = 100_000_000;
/** How much of a file is looked at: a JPEG's size stands behind whatever its camera wrote first. */
export const HEAD_BYTES = 1_000_000;

const ascii = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/**
 * What the first bytes of a file say that it is: kind and size in pixels of a picture that a page may draw, null for anything else.
 * Believed instead of name and media type, both of which its sender chose.
 */
export function pictureHead(bytes: Uint8Array): PictureHead | null {
  const head = png(bytes) ?? gif(bytes) ?? webp(bytes) ?? jpeg(bytes);
  return head !== null && head.width > 0 && head.height > 0 ? head : null;
}

export const isDrawable = (head: PictureHead | null): head is PictureHead =>
  head !== null && head.width * head.height <= MOST_PIXELS;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function png(bytes: Uint8Array): PictureHead | null {
  if (bytes.length < 24 || ascii(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n' || ascii(bytes, 12, 4) !== 'IHDR') return null;
  const view = viewOf(bytes);
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(bytes: Uint8Array): PictureHead | null {
  if (bytes.length < 10 || !['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6))) return null;
  const view = viewOf(bytes);
  return { mediaType: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function webp(bytes: Uint8Array): PictureHead | null {
  if (bytes.length < 25 || ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'WEBP') return null;
  const view = viewOf(bytes);
  const mediaType = 'image/webp';
  const coding = ascii(bytes, 12, 4);
  if (coding !== 'VP8L' && bytes.length < 30) return null;
  switch (coding) {
    case 'VP8 ':
      return { mediaType, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const packed = view.getUint32(21, true);
      return { mediaType, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return {
        mediaType,
        width: view.getUint16(24, true) + ((bytes[26] ?? 0) << 16) + 1,
        height: view.getUint16(27, true) + ((bytes[29] ?? 0) << 16) + 1,
      };
    default:
      return null;
  }
}

/** Start of frame, of every way to compress; C4, C8 and CC in between are tables. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpeg(bytes: Uint8Array): PictureHead | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes, and markers that stand alone.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (isFrame(marker))
      return { mediaType: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else {
      const length = view.getUint16(at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
  return null;
}
