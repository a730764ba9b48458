import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { blobLimits } from './blob-limits.ts';

export interface Part {
  readonly start: number;
  readonly size: number;
  readonly sha256: string;
  readonly pieces: readonly Buffer[];
}
/**
 * `end`: the request is over, whole · `cut`: the connection broke, or a later request took the place of this one · `over`: it brought more
 * than the upload has · otherwise what `keep` said.
 */
export type Received<F> = 'end' | 'cut' | 'over' | F;

/**
 * Cuts the body of a request into parts, from byte `start` on, and has each one kept before it reads on. What came before a cut is kept like
 * everything else. No more than one part is in memory.
 */
export async function receiveParts<F>(
  body: Readable,
  { start, end, now }: { readonly start: number; readonly end: number; readonly now: () => number },
  keep: (part: Part) => Promise<F | null>,
): Promise<Received<F>> {
  let at = start;
  let pieces: Buffer[] = [];
  let size = 0;
  let since = 0;
  let hash: Hash = createHash('sha256');

  const flush = async (): Promise<F | null> => {
    if (size === 0) return null;
    const part = { start: at, size, sha256: hash.digest('hex'), pieces };
    at += size;
    pieces = [];
    size = 0;
    hash = createHash('sha256');
    return keep(part);
  };

  let how: 'end' | 'cut' | 'over' = 'end';
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (;;) {
    // Only what the connection throws is a cut; what `keep` throws goes through.
    const next = await chunks.next().catch(() => null);
    if (next === null) how = 'cut';
    if (next === null || next.done === true) break;
    const room = end - at - size;
    const chunk = next.value.length > room ? next.value.subarray(0, room) : next.value;
    if (chunk.length > 0) {
      if (size === 0) since = now();
      pieces.push(chunk);
      size += chunk.length;
      hash.update(chunk);
    }
    if (chunk !== next.value) {
      how = 'over';
      break;
    }
    if (size >= blobLimits.partBytes || (size > 0 && now() - since >= blobLimits.partHoldMs)) {
      const failed = await flush();
      if (failed !== null) return failed;
    }
  }
  return (await flush()) ?? how;
}
