import { attachmentBounds, type Thumbnail } from '../../../domain/attachments.ts';
import { bytesToBase64 } from './base64.ts';
import { HEAD_BYTES, isDrawable, pictureHead } from './picture-head.ts';

/** Longest side in pixels and quality, tried in this order until the result is small enough to travel with the act. */
const TRIES = [
  [360, 0.72],
  [320, 0.6],
  [288, 0.5],
  [240, 0.5],
  [192, 0.45],
  [144, 0.4],
  [96, 0.4],
] as const;
const MOST_BYTES = (attachmentBounds.thumbnail / 4) * 3;

/**
 * A small picture of a picture, upright as its camera was held. Null for what no page may draw, for what is too large to be decoded
 * safely, and for what cannot be decoded: the file itself is taken all the same.
 */
export async function makeThumbnail(file: Blob): Promise<Thumbnail | null> {
  const head = pictureHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (!isDrawable(head)) return null;
  // Decoded as what its bytes are, not as what it is called.
  const picture = await createImageBitmap(new Blob([file], { type: head.mediaType }), {
    imageOrientation: 'from-image',
    ...(head.width > TRIES[0][0] * 2 ? { resizeWidth: TRIES[0][0] * 2, resizeQuality: 'medium' } : {}),
  }).catch(() => null);
  if (picture === null) return null;
  try {
    for (const [side, quality] of TRIES) {
      const made = await drawn(picture, side, quality);
      if (made !== null) return made;
    }
    return null;
  } finally {
    picture.close();
  }
}

async function drawn(picture: ImageBitmap, side: number, quality: number): Promise<Thumbnail | null> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const made = await canvas.convertToBlob({ type: 'image/webp', quality });
  if (made.type !== 'image/webp' || made.size > MOST_BYTES) return null;
  return {
    mediaType: 'image/webp',
    width,
    height,
    base64: bytesToBase64(new Uint8Array(await made.arrayBuffer())),
  };
}
