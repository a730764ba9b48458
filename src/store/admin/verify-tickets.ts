import type { TimelineEntry } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import { type Ticket, ticketSchema } from '../../domain/ticket.ts';
import { MAX_FAULTS, pages, type Queryable, readJson } from './audit-steps.ts';

interface Row {
  id: string;
  doc: string;
  version: number;
  /** Null: not one is left. */
  entries: string[] | null;
  columns: string;
  digested: boolean;
}
const PAGE = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Every ticket (`only`: of these) must be the fold of its timeline, and its columns must say what its document says. */
export async function verifyTickets(
  client: Queryable,
  deskId: string,
  faults: string[],
  only: readonly string[] | null,
): Promise<{ readonly tickets: number; readonly entries: number }> {
  const text = `
    select t.id, t.doc, t.version,
      (select array_agg(e.doc order by e.seq) from entries e where e.desk_id = t.desk_id and e.ticket_id = t.id) as entries,
      t.digest = row_digest(t.doc) # coalesce((select bit_xor(row_digest(e.doc)) from entries e
        where e.desk_id = t.desk_id and e.ticket_id = t.id), 0) as digested,
      concat_ws(' ', t.version, t.site_id, t.team_id, t.assignee_id, t.registered_by, t.registered_at, t.status, t.tier, t.number) as columns
    from tickets t where t.desk_id = $1 and t.id > $2 and ${only === null ? '$3::uuid[] is null' : 't.id = any($3::uuid[])'}
    order by t.id limit ${PAGE}`;
  let tickets = 0;
  let count = 0;
  for await (const rows of pages<Row>(client, text, [deskId, FIRST, only], (row) => [deskId, row.id, only])) {
    for (const { id, doc, version, columns, digested, entries: stored } of rows) {
      const entries = stored ?? [];
      tickets++;
      count += entries.length;
      const state = fold(entries);
      const same = state !== null && JSON.stringify(state) === doc;
      if (!same) faults.push(`ticket ${id} is not what its timeline says`);
      const said = same ? state : documentOf(doc);
      if (said === null || columnsOf(said) !== columns)
        faults.push(`ticket ${id}: its columns differ from its document`);
      if (!digested) faults.push(`ticket ${id}: its digest is not that of its document and timeline`);
      if (entries.length !== version) faults.push(`ticket ${id} has ${entries.length} entries at version ${version}`);
    }
    if (faults.length > MAX_FAULTS) break;
  }
  return { tickets, entries: count };
}

/**
 * What the timeline makes; null when it makes none. The fold trusts what it is given (`evolve` asserts, and reads fields unasked): of rows that
 * somebody may have changed past the store every throw says that they are no timeline.
 */
function fold(entries: readonly string[]): Ticket | null {
  try {
    let state: Ticket | null = null;
    for (const entry of entries) state = evolve(state, JSON.parse(entry) as TimelineEntry);
    return state;
  } catch {
    return null;
  }
}

function documentOf(text: string): Ticket | null {
  const read = ticketSchema.safeParse(readJson(text));
  return read.success ? read.data : null;
}

const columnsOf = (doc: Ticket): string =>
  [
    doc.version,
    doc.siteId,
    doc.teamId,
    doc.assigneeId,
    doc.registeredBy,
    doc.clocks.registeredAt,
    doc.status,
    doc.tier,
    doc.number,
  ]
    .filter((value) => value !== null)
    .join(' ');
