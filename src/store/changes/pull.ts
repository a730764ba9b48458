import { type DirectoryEntity, directorySchemas } from '../../domain/directory.ts';
import { inScope } from '../../domain/scope.ts';
import { mayHaveHeld, type TicketScope } from '../scope/ticket-scope.ts';
import type { ChangeReads, LogPlace, LogRow } from './change-reads.ts';
import { type SyncLine, upLine } from './sync-line.ts';

export interface PullOptions {
  /** Where the console stands. */
  readonly from: LogPlace;
  readonly limit: number;
  readonly scope: TicketScope;
}
export interface PulledLines {
  readonly lines: readonly SyncLine[];
  readonly end: LogPlace;
  readonly more: boolean;
}

/** As much of the reads as a pull needs. */
export type PullReads = Pick<ChangeReads, 'logAfter' | 'tickets' | 'keysSince' | 'entriesAfter' | 'directoryRows'>;

const LOG_ROWS = 4_000;
const entities = Object.keys(directorySchemas) as DirectoryEntity[];

/** Log rows after a place, and one more, which tells whether the last one closes its transaction. */
export const readLog = (reads: PullReads, after: number): Promise<readonly LogRow[]> =>
  reads.logAfter(after, LOG_ROWS + 1);

/** The first log row of every entity that was not sent yet: its previous version is what the console had at its cursor. */
function firstMet(page: readonly LogRow[], sent: ReadonlySet<string>): LogRow[] {
  const first = new Map<string, LogRow>();
  for (const row of page) if (!sent.has(row.id) && !first.has(row.id)) first.set(row.id, row);
  return [...first.values()];
}

/**
 * Lines of the tickets first met in these log rows: the current ticket with what is new of its timeline, or a removal.
 *
 * The keys since the cursor count, all of them, not only those at it: a page of a fill is read after its pin, and a pull
 * that was cut may have been applied in part, so the console may have seen the ticket at any of them.
 */
async function ticketLines(reads: PullReads, options: PullOptions, met: readonly LogRow[]) {
  const { scope } = options;
  const lines = new Map<string, SyncLine[]>();
  if (met.length === 0) return lines;
  const ids = met.map((row) => row.id);
  const [rows, seen] = await Promise.all([reads.tickets(ids, scope), reads.keysSince(options.from.seq, ids)]);
  const current = new Map(rows.map((row) => [row.id, row]));
  const wanted: { id: string; after: number }[] = [];
  for (const row of met) {
    const ticket = current.get(row.id);
    const before = seen.get(row.id) ?? [];
    if (ticket?.inScope && ticket.inWindow) {
      lines.set(row.id, [upLine('ticket', ticket.doc)]);
      // A console that may have dropped it on the way gets the whole timeline again: it was out of scope for a while, or
      // closed, and so perhaps out of the window.
      const knows = before.every((keys) => keys !== null && !keys.closed && inScope(scope.grant, keys, scope.now));
      wanted.push({ id: row.id, after: knows ? row.previousVersion : 0 });
    } else if (before.some((keys) => keys !== null && mayHaveHeld(scope.grant, keys))) {
      const why = ticket === undefined ? 'deleted' : ticket.inScope ? 'window' : 'scope';
      lines.set(row.id, [{ t: 'rm', e: 'ticket', id: row.id, why }]);
    }
  }
  if (wanted.length === 0) return lines;
  for (const entry of await reads.entriesAfter(wanted)) lines.get(entry.ticketId)?.push(upLine('entry', entry.doc));
  return lines;
}

async function directoryLines(reads: PullReads, met: readonly LogRow[]) {
  const lines = new Map<string, SyncLine[]>();
  for (const entity of entities) {
    const ids = met.filter((row) => row.entity === entity).map((row) => row.id);
    if (ids.length === 0) continue;
    for (const row of await reads.directoryRows(entity, ids)) lines.set(row.id, [upLine(entity, row.doc)]);
  }
  return lines;
}

/**
 * Lines of a pull, over one fixed state and with the first log rows after the cursor.
 *
 * Rows go out as they are now, at the first place where the log names them. A boundary goes out only where nothing sent so far
 * changes again further on; so at every boundary the console's base equals the store at that place (SY4, SY6), although
 * no old version is kept. A page ends at the first boundary past its limit; at the head of the state every cut is closed.
 */
export async function pullLines(
  reads: PullReads,
  options: PullOptions,
  first: readonly LogRow[],
): Promise<PulledLines> {
  const sent = new Set<string>();
  const lines: SyncLine[] = [];
  let end = options.from;
  let rows = first;
  let horizon = 0;
  let count = 0;
  for (;;) {
    const page = rows.slice(0, LOG_ROWS);
    const met = firstMet(page, sent);
    const tickets = await ticketLines(
      reads,
      options,
      met.filter((row) => row.entity === 'ticket'),
    );
    const directory = await directoryLines(reads, met);
    for (const [index, row] of page.entries()) {
      if (!sent.has(row.id)) {
        sent.add(row.id);
        const out = tickets.get(row.id) ?? directory.get(row.id) ?? [];
        lines.push(...out);
        count += out.length;
      }
      horizon = Math.max(horizon, row.lastSeq);
      const next = rows[index + 1];
      if (next?.txid === row.txid || horizon > row.seq) continue;
      end = { seq: row.seq, hash: row.hash };
      lines.push({ t: 'tx', seq: row.seq });
      if (count >= options.limit && next !== undefined) return { lines, end, more: true };
    }
    const last = page.at(-1);
    if (rows.length <= LOG_ROWS || last === undefined) return { lines, end, more: false };
    rows = await readLog(reads, last.seq);
  }
}
