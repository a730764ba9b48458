import type { Readable } from 'node:stream';
import type { SnapshotPage, StoreFailure, StoreRow } from '../../core/ports/store-client.ts';
import { snapshotEndLineSchema, snapshotPinLineSchema } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { lineBatches } from './lines.ts';
import { storeRow } from './row-lines.ts';

/** Reads one page: pin (first page only), rows, end. A page without its end was cut. */
export async function readSnapshot(body: Readable): Promise<Result<SnapshotPage, StoreFailure>> {
  let pin: SnapshotPage['pin'] = null;
  const rows: StoreRow[] = [];
  try {
    for await (const lines of lineBatches(body)) {
      for (const line of lines) {
        const row = storeRow(line);
        if (row !== null) {
          rows.push(row);
          continue;
        }
        const value = parseJson(line);
        const end = snapshotEndLineSchema.safeParse(value);
        if (end.success) {
          body.resume();
          const { t: _, ...last } = end.data;
          return ok({ pin, rows, end: last });
        }
        const pinLine = snapshotPinLineSchema.safeParse(value);
        if (!pinLine.success) return err({ kind: 'broken' });
        const { t: _, ...place } = pinLine.data;
        pin = place;
      }
    }
  } catch {
    return err({ kind: 'offline' });
  }
  return err({ kind: 'offline' });
}
