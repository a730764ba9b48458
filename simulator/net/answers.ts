import type { PulledTransaction, PullPart, SnapshotPage, StoreRow } from '../../src/core/ports/store-client.ts';
import { storeRow } from '../../src/platform-node/store-client/row-lines.ts';
import type { Outcome } from '../../src/protocol/sync/command.ts';
import {
  boundaryLineSchema,
  type PushResponse,
  pullEndLineSchema,
  pushResponseSchema,
  removeLineSchema,
  type SnapshotEntity,
  snapshotEndLineSchema,
  snapshotPinLineSchema,
} from '../../src/protocol/sync/messages.ts';
import { type PushedAnswer, pushedToText } from '../../src/store/changes/push.ts';
import type { SnapshotPiece } from '../../src/store/changes/snapshot.ts';
import { linesToText, type SyncLine } from '../../src/store/changes/sync-line.ts';

/**
 * Turns what the store answers into what the core is given. Rows are parsed once a history, whoever they go to: nobody changes
 * a row in place. With `strict` everything passes through the text of the wire and its schemas, as it does in the product.
 */
export interface Answers {
  pull(lines: readonly SyncLine[]): readonly PullPart[];
  rows(lines: readonly SyncLine[]): readonly StoreRow[];
  page(pieces: readonly SnapshotPiece[]): SnapshotPage;
  push(answer: PushedAnswer): PushResponse;
}

const ROW_OPENING = '{"t":"up","e":"';

/** @param valueOfDoc the value that a row's text was made from. */
export function createAnswers(strict: boolean, valueOfDoc: (doc: string) => unknown): Answers {
  const rowsByDoc = new Map<string, StoreRow>();
  const rowsByLine = new Map<string, StoreRow>();

  function rowOf(entity: SnapshotEntity, doc: string): StoreRow {
    const known = rowsByDoc.get(doc);
    if (known !== undefined) return known;
    // The store wrote it as a row of this entity; the strict way checks it by its schema.
    const row = { entity, row: valueOfDoc(doc) as never, doc } as StoreRow;
    rowsByDoc.set(doc, row);
    return row;
  }
  function rowOfLine(line: string): StoreRow {
    const known = rowsByLine.get(line);
    if (known !== undefined) return known;
    const row = strict ? storeRow(line) : looseRow(line);
    if (row === null) throw new Error(`the store sent a row that no console can read: ${line.slice(0, 200)}`);
    rowsByLine.set(line, row);
    return row;
  }
  function looseRow(line: string): StoreRow {
    const quote = line.indexOf('"', ROW_OPENING.length);
    const doc = line.slice(quote + '","row":'.length, -1);
    return rowOf(line.slice(ROW_OPENING.length, quote) as SnapshotEntity, doc);
  }
  const rowOfUp = (line: Extract<SyncLine, { t: 'up' }>): StoreRow =>
    strict ? rowOfLine(linesToText([line]).trimEnd()) : rowOf(line.e, line.doc);

  return {
    pull(lines) {
      const parts: PullPart[] = [];
      let changes: PulledTransaction['changes'][number][] = [];
      for (const line of lines) {
        if (line.t === 'up') changes.push({ up: rowOfUp(line) });
        else if (line.t === 'rm') {
          const { id, why } = strict ? removeLineSchema.parse(line) : line;
          changes.push({ rm: { id, why } });
        } else if (line.t === 'tx') {
          if (strict) boundaryLineSchema.parse(line);
          parts.push({ kind: 'transaction', seq: line.seq, changes });
          changes = [];
        } else if ('cursor' in line) {
          const { t: _, ...end } = strict ? pullEndLineSchema.parse(line) : line;
          parts.push(changes.length > 0 ? { kind: 'failed', failure: { kind: 'broken' } } : { kind: 'end', ...end });
        }
      }
      return parts;
    },
    rows: (lines) => lines.flatMap((line) => (line.t === 'up' ? [rowOfUp(line)] : [])),
    page(pieces) {
      const rows: StoreRow[] = [];
      let pin: SnapshotPage['pin'] = null;
      let end: SnapshotPage['end'] | null = null;
      for (const piece of pieces) {
        if (piece.t === 'rows') {
          for (const line of piece.text.split('\n')) rows.push(rowOfLine(line));
        } else if (piece.t === 'pin') {
          const { t: _, ...rest } = strict ? snapshotPinLineSchema.parse(piece) : piece;
          pin = rest;
        } else {
          const { t: _, ...rest } = strict ? snapshotEndLineSchema.parse(piece) : piece;
          end = rest;
        }
      }
      if (end === null) throw new Error('a page without an end');
      return { pin, rows: { form: 'plain', rows }, end };
    },
    push(answer) {
      if (strict) return pushResponseSchema.parse(JSON.parse(pushedToText(answer)));
      const { results, heldId, serverTime, mark } = answer;
      return {
        results: results.map(({ replayed, outcome }) => ({ replayed, outcome: JSON.parse(outcome) as Outcome })),
        held: heldId === null ? null : { commandId: heldId, code: 'storeTooOld' },
        serverTime,
        head: mark?.seq ?? 0,
        mark,
      };
    },
  };
}
