import type { Database } from '../../src/store/db/pool.ts';

export interface StoredCommand {
  readonly id: string;
  readonly ticketId: string;
  readonly type: string;
  readonly refused: boolean;
  readonly outcome: string;
  /** The command as the store keeps it, and the hash that it took for it. */
  readonly envelope: string;
  readonly hash: string;
  /** What was written, where every act writes something of its own; null for other types. */
  readonly content: string | null;
  /** Carried out when its ticket came back after a restore, so not when it came. */
  readonly orphan: boolean;
}
export interface Effect {
  readonly id: string;
  readonly commandId: string;
  readonly ticketId: string;
  readonly seq: number;
  readonly type: string;
  /** The whole entry. */
  readonly doc: string;
  /** First place in the log of the transaction that wrote it. */
  readonly place: number;
}
export interface StoreFacts {
  readonly head: number;
  readonly epoch: string;
  readonly commands: ReadonlyMap<string, StoredCommand>;
  /** What waits since a restore for a ticket that has not come back. */
  readonly waiting: readonly { readonly commandId: string; readonly ticketId: string }[];
  /** By command, in the order of the log. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
}

export async function headOf(db: Database, deskId: string): Promise<{ head: number; epoch: string }> {
  const { rows } = await db.pool.query<{ head: number; epoch: string }>(
    `select epoch::text, coalesce((select max(seq) from change_log where desk_id = $1), 0)::int as head from desks where id = $1`,
    [deskId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the desk is gone');
  return row;
}

/** Everything that the store has of each command, straight from its tables. */
export async function readStore(db: Database, deskId: string): Promise<StoreFacts> {
  const commands = await db.pool.query<StoredCommand>(
    `select c.id::text, c.ticket_id::text as "ticketId", c.type, c.refused, c.outcome, c.envelope, c.hash,
       case when c.type in ('addNote', 'recordVisit') then c.envelope::json->'payload'->>'text'
            when c.type in ('register', 'split') then c.envelope::json->'payload'->>'subject' end as content,
       exists (select 1 from orphans o where o.desk_id = c.desk_id and o.command_id = c.id) as orphan
     from commands c where c.desk_id = $1`,
    [deskId],
  );
  const entries = await db.pool.query<Effect>(
    `with places as (
       select entity_id, previous_version, version, min(seq) over (partition by txid) as place
       from change_log where desk_id = $1 and entity = 'ticket'
     )
     select e.id, left(e.id, 36) as "commandId", e.ticket_id::text as "ticketId", e.seq::int, e.type, e.doc, p.place::int
     from entries e join places p on p.entity_id = e.ticket_id and e.seq > p.previous_version and e.seq <= p.version
     where e.desk_id = $1 order by p.place, e.ticket_id, e.seq`,
    [deskId],
  );
  const waiting = await db.pool.query<StoreFacts['waiting'][number]>(
    `select command_id::text as "commandId", ticket_id::text as "ticketId" from orphans where desk_id = $1 and carried_at is null`,
    [deskId],
  );
  const effects = new Map<string, Effect[]>();
  for (const effect of entries.rows) {
    const known = effects.get(effect.commandId) ?? [];
    known.push(effect);
    effects.set(effect.commandId, known);
  }
  return {
    ...(await headOf(db, deskId)),
    commands: new Map(commands.rows.map((row) => [row.id, row])),
    waiting: waiting.rows,
    effects,
  };
}
