import type { Readable } from 'node:stream';
import type { PulledTransaction, PullPart } from '../../core/ports/store-client.ts';
import { boundaryLineSchema, pullEndLineSchema, removeLineSchema } from '../../protocol/sync/messages.ts';
import { parseJson } from '../outbox-row.ts';
import { lineBatches } from './lines.ts';
import { storeRow } from './row-lines.ts';

/** Gathers the rows of each store transaction until its boundary (SY6); ends with exactly one `end` or `failed`. */
export async function* readPull(body: Readable): AsyncGenerator<PullPart> {
  let changes: PulledTransaction['changes'][number][] = [];
  let end: PullPart | null = null;
  try {
    // Read to its very end, beyond the end line: only then does the connection serve the next request.
    for await (const lines of lineBatches(body)) {
      for (const line of lines) {
        if (end !== null) break;
        const up = storeRow(line);
        if (up !== null) {
          changes.push({ up });
          continue;
        }
        const value = parseJson(line);
        const rm = removeLineSchema.safeParse(value);
        if (rm.success) {
          changes.push({ rm: { id: rm.data.id, why: rm.data.why } });
          continue;
        }
        const boundary = boundaryLineSchema.safeParse(value);
        if (boundary.success) {
          yield { kind: 'transaction', seq: boundary.data.seq, changes };
          changes = [];
          continue;
        }
        const last = pullEndLineSchema.safeParse(value);
        // Rows after the last boundary belong to no whole transaction.
        if (!last.success || changes.length > 0) {
          yield { kind: 'failed', failure: { kind: 'broken' } };
          return;
        }
        const { t: _, ...place } = last.data;
        end = { kind: 'end', ...place };
      }
    }
  } catch {
    // Cut on the way: said below.
  }
  yield end ?? { kind: 'failed', failure: { kind: 'offline' } };
}
