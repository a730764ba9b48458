import type { Readable } from 'node:stream';
import type { StoreFailure, StoreRow } from '../../core/ports/store-client.ts';
import { rowsEndLineSchema } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { lineBatches } from './lines.ts';
import { storeRow } from './row-lines.ts';

/** Text of rows held at once; tickets with long notes go over it long before the count of rows does. */
export const ROWS_MAX_TEXT = 32_000_000;

/**
 * Reads the rows asked for by key. An answer without its end, or with another number of rows than its end says, was cut.
 * More text than `maxText` characters is left unread (`tooLarge`): the caller asks for fewer rows at a time.
 */
export async function readRows(
  body: Readable,
  maxText = ROWS_MAX_TEXT,
): Promise<Result<readonly StoreRow[], StoreFailure>> {
  const rows: StoreRow[] = [];
  let text = 0;
  let end: number | null = null;
  try {
    // Read to its very end, beyond the end line: only then does the connection serve the next request.
    for await (const lines of lineBatches(body)) {
      for (const line of lines) {
        if (end !== null) break;
        const row = storeRow(line);
        if (row === null) {
          const last = rowsEndLineSchema.safeParse(parseJson(line));
          if (!last.success) return err({ kind: 'broken' });
          end = last.data.rows;
          continue;
        }
        text += row.doc.length;
        if (text > maxText) return err({ kind: 'tooLarge' });
        rows.push(row);
      }
    }
  } catch {
    return err({ kind: 'offline' });
  }
  if (end === null) return err({ kind: 'offline' });
  return end === rows.length ? ok(rows) : err({ kind: 'broken' });
}
