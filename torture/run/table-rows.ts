const LEAF = 0x0d;
const INTERIOR = 0x05;

/** A stretch of the file that holds part of a row, and the rowid of that row. */
interface Stretch {
  readonly from: number;
  /** The first byte behind it. */
  readonly to: number;
  readonly rowid: number;
}

/** A variable-length integer of SQLite. @returns its value and the offset behind it */
function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let n = 0; n < 8; n += 1) {
    const byte = bytes[at + n] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + n + 1];
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9];
}

/**
 * Where the rows of a table lie in a database file: of each row its cell on a leaf page and its overflow pages, and nothing else. Heads of pages, the
 * lists of cells, free space, inner pages and indexes belong to no row. Read from the bytes as they are: the log beside the file is not looked at.
 *
 * @param root number of the table's first page
 */
export function* rowsOf(bytes: Buffer, root: number): Generator<Stretch> {
  const declared = bytes.readUInt16BE(16);
  const size = declared === 1 ? 65_536 : declared;
  const usable = size - (bytes[20] ?? 0);
  const isPage = (page: number) => page >= 1 && page * size <= bytes.length;
  const left = [root];
  const seen = new Set<number>();

  for (let page = left.pop(); page !== undefined; page = left.pop()) {
    if (!isPage(page) || seen.has(page)) continue;
    seen.add(page);
    const start = (page - 1) * size;
    const head = start + (page === 1 ? 100 : 0);
    const kind = bytes[head];
    const cells = bytes.readUInt16BE(head + 3);
    const list = head + (kind === INTERIOR ? 12 : 8);
    if (kind !== INTERIOR && kind !== LEAF) continue;
    if (kind === INTERIOR) left.push(bytes.readUInt32BE(head + 8));
    for (let n = 0; n < cells && list + 2 * n + 2 <= start + size; n += 1) {
      const cell = start + bytes.readUInt16BE(list + 2 * n);
      if (cell + 4 > start + size) continue;
      if (kind === INTERIOR) left.push(bytes.readUInt32BE(cell));
      else yield* rowAt(cell, start + size);
    }
  }

  function* rowAt(cell: number, pageEnd: number): Generator<Stretch> {
    const [length, afterLength] = varint(bytes, cell);
    const [rowid, content] = varint(bytes, afterLength);
    // The format's own rule of how much of a long row stays on its leaf.
    const most = usable - 35;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const kept = least + ((length - least) % (usable - 4));
    const here = length <= most ? length : kept <= most ? kept : least;
    const to = content + here + (length > here ? 4 : 0);
    if (to > pageEnd) return;
    yield { from: cell, to, rowid };
    let next = length > here ? bytes.readUInt32BE(to - 4) : 0;
    for (let rest = length - here; rest > 0 && isPage(next); rest -= usable - 4) {
      const at = (next - 1) * size;
      yield { from: at, to: at + 4 + Math.min(rest, usable - 4), rowid };
      next = bytes.readUInt32BE(at);
    }
  }
}
