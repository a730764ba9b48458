/** An object found in raw bytes, and as many characters as were asked for of what stands right behind it. */
export interface Carved {
  readonly text: string;
  readonly behind: string;
}

/**
 * JSON objects that begin with `start` anywhere in raw bytes, up to the brace that closes them. An object that the file holds in
 * pieces is not found: only what parses counts.
 */
export function* carveObjects(bytes: Buffer, start: string, charactersBehind: number): Generator<Carved> {
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const end = closingBrace(bytes, at);
    if (end < 0) continue;
    const behind = bytes.toString('latin1', end + 1, end + 1 + charactersBehind);
    yield { text: bytes.toString('utf8', at, end + 1), behind };
  }
}

const LIMIT = 1_000_000;
function closingBrace(bytes: Buffer, from: number): number {
  let depth = 0;
  let inText = false;
  const end = Math.min(bytes.length, from + LIMIT);
  for (let i = from; i < end; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inText = false;
      else if (byte !== undefined && byte < 0x20) return -1;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b) depth++;
    else if (byte === 0x7d && --depth === 0) return i;
  }
  return -1;
}
