import type { TimelineEntry } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { DeskStore, DeskTransaction, StoredTicket } from '../commands/desk-port.ts';
import { type Arrival, dueArrivals } from '../db/attachment-rows.ts';
import type { Database } from '../db/pool.ts';

const MAX_TRIES = 12;
const BATCH = 500;

export interface ArrivalDeps {
  readonly db: Pick<Database, 'pool'>;
  readonly desks: DeskStore;
  readonly now: () => number;
}

/** The one line that says so, under the command that added the file. */
const arrivalOf = (added: TimelineEntry, seq: number, now: Instant): TimelineEntry | null =>
  added.event.type !== 'attachmentAdded'
    ? null
    : {
        ...added,
        id: `${added.commandId}-1`,
        seq,
        occurredAt: now,
        recordedAt: now,
        deviceAt: now,
        timeQuality: 'good',
        event: { type: 'attachmentArrived', attachmentId: added.event.attachmentId },
      };

/**
 * Says on a ticket's timeline that the files of these commands are here: once, however many say it at the same moment, since the
 * ticket is locked before it is asked what still waits.
 */
export async function recordArrivals(
  tx: DeskTransaction,
  ticketId: string,
  commandIds: ReadonlySet<string>,
  now: Instant,
): Promise<number> {
  const [stored] = await tx.lockTickets([ticketId]);
  if (stored === undefined) return 0;
  const waiting = (await tx.waitingAttachments([ticketId]))
    .filter(({ commandId }) => commandIds.has(commandId))
    .sort((a, b) => a.seq - b.seq);
  let row: StoredTicket = stored;
  const entries: TimelineEntry[] = [];
  for (const added of waiting) {
    const entry = arrivalOf(added, row.ticket.version + 1, now);
    if (entry === null) continue;
    entries.push(entry);
    row = { ...row, ticket: evolve(row.ticket, entry) };
  }
  if (entries.length === 0) return 0;
  await tx.write({
    commands: [],
    inserted: [],
    updated: [row],
    entries,
    chains: [],
    numbers: new Map(),
    orphans: [],
    carried: [],
    recordedAt: now,
  });
  return entries.length;
}

/**
 * Says of every file that is due that it has arrived; of one desk's tickets, of one content, or of all. Gives how many were said.
 * A ticket that others write to all the while is left to the next sweep.
 */
export async function settleArrivals(
  { db, desks, now }: ArrivalDeps,
  of: { readonly deskId?: string; readonly ticketIds?: readonly string[]; readonly sha256?: string } = {},
): Promise<number> {
  let said = 0;
  for (;;) {
    const due = await dueArrivals(db, { ...of, limit: BATCH });
    const before = said;
    for (const arrivals of byTicket(due)) {
      const commandIds = new Set(arrivals.map(({ commandId }) => commandId));
      const { deskId, ticketId } = arrivals[0];
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const done = await desks.transact(deskId, (tx) => recordArrivals(tx, ticketId, commandIds, now()));
        if (!done.ok) continue;
        said += done.value;
        break;
      }
    }
    if (due.length < BATCH || said === before) return said;
  }
}

type Group = [Arrival, ...Arrival[]];

/** Two desks may use one id for two tickets. */
function byTicket(due: readonly Arrival[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const arrival of due) {
    const key = `${arrival.deskId} ${arrival.ticketId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [arrival]);
    else group.push(arrival);
  }
  return groups.values();
}
