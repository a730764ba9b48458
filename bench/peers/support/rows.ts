import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import type { Database } from '../../../src/store/db/pool.ts';
import { type Digest, digestOf } from '../digest.ts';

const PAGE = 5_000;

/** What a queue filters and sorts by. `rank`: 0 is the most pressing. */
const queueKeysSchema = z.object({
  status: z.string(),
  team: z.string(),
  assignee: z.string().nullable(),
  rank: z.int(),
  registeredAt: z.int(),
});
/** A ticket or a note as the store keeps it, with the columns of the queue beside it as every peer gets them. */
export const peerRowSchema = z.discriminatedUnion('entity', [
  z.object({ entity: z.literal('ticket'), id: z.string(), queue: queueKeysSchema, doc: z.unknown() }),
  z.object({ entity: z.literal('note'), id: z.string(), ticketId: z.string(), seq: z.int(), doc: z.unknown() }),
]);
export type PeerRow = z.infer<typeof peerRowSchema>;

const ticketSchema = z.object({
  status: z.string(),
  teamId: z.string(),
  assigneeId: z.string().nullable(),
  priority: z.object({ level: z.enum(['critical', 'high', 'medium', 'low']) }),
  clocks: z.object({ registeredAt: z.int() }),
});
const ranks = { critical: 0, high: 1, medium: 2, low: 3 } as const;

export function ticketRow(id: string, doc: unknown): PeerRow {
  const { status, teamId, assigneeId, priority, clocks } = ticketSchema.parse(doc);
  const queue = { status, team: teamId, assignee: assigneeId, rank: ranks[priority.level] };
  return { entity: 'ticket', id, queue: { ...queue, registeredAt: clocks.registeredAt }, doc };
}

/** The tickets of a desk, then their notes, each by id: what the peers' servers are loaded with is what the store has. */
export async function* rowsOfDesk(db: Database, deskId: string): AsyncGenerator<PeerRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await db.pool.query<{ id: string; doc: string }>(
      'select id, doc from tickets where desk_id = $1 and id > $2 order by id limit $3',
      [deskId, after, PAGE],
    );
    for (const { id, doc } of rows) yield ticketRow(id, JSON.parse(doc));
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  for (let after: readonly [string, number] = ['00000000-0000-0000-0000-000000000000', 0]; ; ) {
    const { rows } = await db.pool.query<{ id: string; ticket_id: string; seq: number; doc: string }>(
      `select id, ticket_id, seq, doc from entries
       where desk_id = $1 and type = 'noteAdded' and (ticket_id, seq) > ($2, $3) order by ticket_id, seq limit $4`,
      [deskId, ...after, PAGE],
    );
    for (const { id, ticket_id: ticketId, seq, doc } of rows)
      yield { entity: 'note', id, ticketId, seq, doc: JSON.parse(doc) };
    const last = rows.at(-1);
    if (last === undefined) break;
    after = [last.ticket_id, last.seq];
  }
}

export interface RowsFile {
  readonly path: string;
  readonly tickets: number;
  readonly notes: number;
  readonly digest: Digest;
  /** Ids of the first fifty of the queue: what is open, the most pressing first, then the oldest. */
  readonly queue: readonly string[];
  /** Some tickets to write notes on. */
  readonly ticketIds: readonly string[];
}

/** The rows of a desk as lines, for the servers of the peers, and what every end state is compared with. */
export async function writeRows(rows: AsyncIterable<PeerRow>, path: string): Promise<RowsFile> {
  const file = createWriteStream(path);
  const counts = { ticket: 0, note: 0 };
  const open: Extract<PeerRow, { entity: 'ticket' }>[] = [];
  async function* passing() {
    for await (const row of rows) {
      counts[row.entity]++;
      if (row.entity === 'ticket' && isOpenStatus(row.queue.status)) open.push(row);
      if (!file.write(`${JSON.stringify(row)}\n`))
        await new Promise<void>((resolve) => file.once('drain', () => resolve()));
      yield row;
    }
  }
  const digest = await digestOf(passing());
  file.end();
  await finished(file);
  return {
    path,
    tickets: counts.ticket,
    notes: counts.note,
    digest,
    queue: queueOf(open),
    ticketIds: open.slice(0, TICKETS_TO_NOTE).map((row) => row.id),
  };
}

/** Lines of `writeRows`, in batches as the servers take them. */
export async function* readRows(path: string, batch: number): AsyncGenerator<PeerRow[]> {
  let rows: PeerRow[] = [];
  for await (const line of linesOf(path)) {
    rows.push(peerRowSchema.parse(JSON.parse(line)));
    if (rows.length < batch) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** Ends of lines are those that were written: `readline` takes U+2028 in a text for one as well. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(piece)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

const openStatuses = ['new', 'assigned', 'inProgress', 'pending'];
export const isOpenStatus = (status: string): boolean => openStatuses.includes(status);
export const QUEUE_PAGE = 50;
const TICKETS_TO_NOTE = 500;

function queueOf(open: readonly Extract<PeerRow, { entity: 'ticket' }>[]): string[] {
  return open
    .toSorted(
      (a, b) => a.queue.rank - b.queue.rank || a.queue.registeredAt - b.queue.registeredAt || (a.id < b.id ? -1 : 1),
    )
    .slice(0, QUEUE_PAGE)
    .map((row) => row.id);
}
