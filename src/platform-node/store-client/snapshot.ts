import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { PlainRows } from '../../core/ports/page-rows.ts';
import type { SnapshotPage, StoreFailure, StoreRow } from '../../core/ports/store-client.ts';
import { type SnapshotRequest, snapshotEndLineSchema, snapshotPinLineSchema } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { createByteLines } from './byte-lines.ts';
import { readEntry, readTicket } from './compiled-rows.ts';
import { createPacker, type PackedData, PackedPage } from './packed-page.ts';
import { openingOf, storeRow } from './row-lines.ts';

/** A page as plain data. */
export interface ReadPage extends Pick<SnapshotPage, 'pin' | 'end'> {
  readonly rows: PlainRows | { readonly form: 'packed'; readonly data: PackedData };
}
export type AskedPage = Pick<SnapshotRequest, 'entity' | 'limit'>;
export interface PageTerms {
  /** Awaited before the last rows of a full page are read: whoever keeps pages has no more than one that is whole and not kept. */
  readonly mayEnd?: () => Promise<void>;
  /** Bytes of a page before, to be written over: memory that is made anew for each page is collected again for each. */
  readonly spare?: ArrayBuffer | undefined;
}

/** Of a page's rows, the part that is left in the connection until the page before is kept. */
const HELD_BACK = 1 / 16;

/** The page as the core is given it. @param onKept as of `PackedPage`. */
export const pageOf = ({ pin, end, rows }: ReadPage, onKept?: (bytes: ArrayBuffer) => void): SnapshotPage => ({
  pin,
  end,
  rows: rows.form === 'plain' ? rows : new PackedPage(rows.data, onKept),
});

/**
 * Reads one page: pin (first page only), rows, end. A page without its end was cut. Tickets and entries are packed; a page with anything
 * unusual in it comes row by row.
 */
export async function readSnapshot(
  body: Readable,
  asked: AskedPage,
  { mayEnd, spare }: PageTerms = {},
): Promise<Result<ReadPage, StoreFailure>> {
  const lines = createByteLines(spare);
  const reader = createPageReader(asked, lines);
  let held = false;
  try {
    for await (const piece of body) {
      // Read to its very end, beyond the end line: only then does the connection serve the next request.
      if (reader.outcome() !== null) continue;
      lines.add(piece);
      reader.read();
      if (held || reader.rows() < asked.limit * (1 - HELD_BACK)) continue;
      held = true;
      await mayEnd?.();
    }
  } catch {
    // Cut on the way: said below.
  }
  return reader.outcome() ?? err({ kind: 'offline' });
}

function createPageReader({ entity, limit }: AskedPage, lines: ReturnType<typeof createByteLines>) {
  const opening = Buffer.from(openingOf(entity));
  let packer = entity === 'ticket' || entity === 'entry' ? createPacker(entity, limit) : null;
  let pin: SnapshotPage['pin'] = null;
  let plain: StoreRow[] = [];
  let rows = 0;
  let outcome: Result<ReadPage, StoreFailure> | null = null;

  /** False: not a row as the store writes it. */
  function pack(start: number, end: number): boolean {
    if (packer === null || packer.full() || !lines.startsWith(opening, start) || !lines.endsWith('}', end))
      return false;
    const [from, to] = [start + opening.length, end - 1];
    const value = parseJson(lines.text(from, to));
    if (entity === 'ticket') {
      const row = readTicket(value);
      return row !== null && packer.ticket(row, from, to);
    }
    const row = readEntry(value);
    if (row === null) return false;
    packer.entry(row, from, to);
    return true;
  }
  /** What was packed so far is read again, row by row. */
  function unpack(start: number): void {
    packer = null;
    plain = lines.before(start).flatMap((line) => storeRow(line) ?? []);
  }
  function take(start: number, end: number): void {
    if (start === end) return;
    if (pack(start, end)) {
      rows += 1;
      return;
    }
    const line = lines.text(start, end);
    const row = storeRow(line);
    if (row !== null) {
      if (packer !== null) unpack(start);
      plain.push(row);
      rows += 1;
      return;
    }
    const value = parseJson(line);
    const last = snapshotEndLineSchema.safeParse(value);
    if (last.success) {
      const { t: _, ...place } = last.data;
      outcome = whole(place);
      return;
    }
    const pinLine = snapshotPinLineSchema.safeParse(value);
    if (!pinLine.success) {
      outcome = err({ kind: 'broken' });
      return;
    }
    const { t: _, ...place } = pinLine.data;
    pin = place;
  }
  function whole(end: SnapshotPage['end']): Result<ReadPage, StoreFailure> {
    const bytes = lines.bytes();
    if (!isUtf8(bytes)) return err({ kind: 'broken' });
    if (packer === null) return ok({ pin, end, rows: { form: 'plain', rows: plain } });
    return ok({ pin, end, rows: { form: 'packed', data: packer.packed(bytes) } });
  }

  return {
    /** Takes the lines that are whole by now. */
    read() {
      for (let line = lines.next(); line !== null && outcome === null; line = lines.next()) take(...line);
    },
    rows: () => rows,
    outcome: () => outcome,
  };
}
