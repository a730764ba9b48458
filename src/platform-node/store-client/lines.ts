import type { Readable } from 'node:stream';

/** A line longer than this is no row of ours. */
const MAX_LINE = 8_000_000;

/**
 * Batches of whole lines as the bytes come in, blank ones left out. Text after the last line break is not a line: an
 * answer that is cut ends in the middle of one.
 *
 * @throws what the stream throws when it is cut, and RangeError on an endless line.
 */
export async function* lineBatches(body: Readable): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const chunk: Buffer = piece;
    const text = rest + decoder.decode(chunk, { stream: true });
    const last = text.lastIndexOf('\n');
    if (last < 0) {
      if (text.length > MAX_LINE) throw new RangeError('endless line');
      rest = text;
      continue;
    }
    rest = text.slice(last + 1);
    const lines = text.slice(0, last).split('\n');
    yield lines.includes('') ? lines.filter((line) => line !== '') : lines;
  }
}
