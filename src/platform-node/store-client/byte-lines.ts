const FIRST_SIZE = 4_000_000;
const LINE_BREAK = 10;
/** A line longer than this is no row of ours. */
const MAX_LINE = 8_000_000;

/**
 * The bytes of an answer in one piece, and the lines in them as they come. Text after the last line break is no line: an answer that is cut
 * ends in the middle of one.
 */
/** @param spare bytes that nobody needs any more, to be written over. */
export function createByteLines(spare: ArrayBuffer = new ArrayBuffer(FIRST_SIZE)) {
  let all = Buffer.from(spare);
  /** What of it has come. */
  let came = all.subarray(0, 0);
  /** Where the next line begins. */
  let begin = 0;

  return {
    /** @throws RangeError on an endless line. */
    add(piece: Buffer): void {
      const length = came.length + piece.length;
      if (length > all.length) {
        const larger = Buffer.from(new ArrayBuffer(Math.max(all.length * 2, length)));
        came.copy(larger);
        all = larger;
      }
      piece.copy(all, came.length);
      came = all.subarray(0, length);
      if (length - begin > MAX_LINE && came.indexOf(LINE_BREAK, begin) < 0) throw new RangeError('endless line');
    },
    /** Start and end of the next line, its break left out; null while it is not whole. */
    next(): [start: number, end: number] | null {
      const end = begin === came.length ? -1 : came.indexOf(LINE_BREAK, begin);
      if (end < 0) return null;
      const line: [number, number] = [begin, end];
      begin = end + 1;
      return line;
    },
    text: (start: number, end: number): string => came.toString('utf8', start, end),
    startsWith: (opening: Buffer, at: number): boolean =>
      at + opening.length <= came.length && came.compare(opening, 0, opening.length, at, at + opening.length) === 0,
    endsWith: (character: string, end: number): boolean => came[end - 1] === character.charCodeAt(0),
    /** The lines before `start`, where one begins. */
    before: (start: number): string[] => came.toString('utf8', 0, start).split('\n'),
    /** Everything that came. */
    bytes: (): Uint8Array<ArrayBuffer> => came,
  };
}
