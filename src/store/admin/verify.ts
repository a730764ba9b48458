import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { TimelineEntry } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { LOG_START, type LogPlace } from '../changes/change-reads.ts';
import type { Database } from '../db/pool.ts';
import { inSnapshot } from '../db/transaction.ts';
import { verifyFiles } from './verify-files.ts';

export interface DeskReport {
  readonly deskId: string;
  readonly name: string;
  readonly tickets: number;
  readonly entries: number;
  readonly commands: number;
  readonly logRows: number;
  /** Orphans: commands from before a restore whose ticket has not come back from its console. */
  readonly waiting: number;
  /** Moves between tiers, as `1→2`. */
  readonly tierMoves: Readonly<Record<string, number>>;
  /** What does not add up; empty when all does. */
  readonly faults: readonly string[];
}
type Queryable = Pick<ClientBase, 'query'>;
const PAGE = 2_000;
const MAX_FAULTS = 50;

/** Pages through a query by keyset; `next` takes the last row to the parameters of the next page. */
async function* pages<R>(
  client: Queryable,
  text: string,
  first: unknown[],
  next: (row: R) => unknown[],
): AsyncGenerator<R[]> {
  for (let params = first; ; ) {
    const { rows } = await client.query(text, params);
    const found: R[] = rows;
    const last = found.at(-1);
    if (last === undefined) return;
    yield found;
    params = next(last);
  }
}

/** The log's rolling hash, which covers every entry, counted again from a place on. */
async function verifyLog(client: Queryable, deskId: string, from: LogPlace, faults: string[]): Promise<number> {
  interface Row {
    seq: number;
    entity: string;
    id: string;
    version: number;
    digest: string | null;
    hash: string;
  }
  const text = `select seq, entity, entity_id as id, version, hash,
      case when entity = 'ticket' then entries_digest(desk_id, entity_id, previous_version, version) end as digest
    from change_log where desk_id = $1 and seq > $2 order by seq limit ${PAGE}`;
  let { hash } = from;
  let count = 0;
  for await (const rows of pages<Row>(client, text, [deskId, from.seq], (row) => [deskId, row.seq])) {
    for (const row of rows) {
      const parts = [hash, row.seq, row.entity, row.id, row.version, ...(row.digest === null ? [] : [row.digest])];
      hash = createHash('sha256').update(parts.join('|')).digest('hex');
      if (hash !== row.hash) {
        faults.push(
          `log: place ${row.seq}, ${row.entity} ${row.id}, does not follow: it, its timeline or what went before was changed`,
        );
        hash = row.hash;
      }
      count++;
    }
  }
  return count;
}

/** Every ticket is in the log at its own version. */
async function verifyLogged(client: Queryable, deskId: string, faults: string[]): Promise<void> {
  const missing = await client.query<{ id: string }>(
    `select t.id from tickets t where t.desk_id = $1 and not exists (
       select 1 from change_log l where l.desk_id = $1 and l.entity_id = t.id and l.version = t.version) limit 5`,
    [deskId],
  );
  for (const { id } of missing.rows) faults.push(`log: the version of ticket ${id} was never logged`);
}

/** Every ticket (`only`: of these) must be the fold of its timeline, and its columns must say what its document says. */
async function verifyTickets(client: Queryable, deskId: string, faults: string[], only: readonly string[] | null) {
  interface Row {
    id: string;
    doc: string;
    version: number;
    entries: string[];
    columns: string;
    digested: boolean;
  }
  const text = `
    select t.id, t.doc, t.version,
      (select array_agg(e.doc order by e.seq) from entries e where e.desk_id = t.desk_id and e.ticket_id = t.id) as entries,
      t.digest = row_digest(t.doc) # coalesce((select bit_xor(row_digest(e.doc)) from entries e
        where e.desk_id = t.desk_id and e.ticket_id = t.id), 0) as digested,
      concat_ws(' ', t.version, t.site_id, t.team_id, t.assignee_id, t.registered_by, t.registered_at, t.status, t.tier, t.number) as columns
    from tickets t where t.desk_id = $1 and t.id > $2 and ${only === null ? '$3::uuid[] is null' : 't.id = any($3::uuid[])'}
    order by t.id limit ${PAGE / 10}`;
  let tickets = 0;
  let entries = 0;
  for await (const rows of pages<Row>(client, text, [deskId, '00000000-0000-0000-0000-000000000000', only], (row) => [
    deskId,
    row.id,
    only,
  ])) {
    for (const row of rows) {
      tickets++;
      entries += row.entries.length;
      let state: Ticket | null = null;
      for (const entry of row.entries) state = evolve(state, JSON.parse(entry) as TimelineEntry);
      if (state === null || JSON.stringify(state) !== row.doc)
        faults.push(`ticket ${row.id} is not what its timeline says`);
      const doc = JSON.parse(row.doc) as Ticket;
      const said = [
        doc.version,
        doc.siteId,
        doc.teamId,
        doc.assigneeId,
        doc.registeredBy,
        doc.clocks.registeredAt,
        doc.status,
        doc.tier,
        doc.number,
      ];
      if (said.filter((value) => value !== null).join(' ') !== row.columns)
        faults.push(`ticket ${row.id}: its columns differ from its document`);
      if (!row.digested) faults.push(`ticket ${row.id}: its digest is not that of its document and timeline`);
      if (row.entries.length !== row.version)
        faults.push(`ticket ${row.id} has ${row.entries.length} entries at version ${row.version}`);
    }
    if (faults.length > MAX_FAULTS) break;
  }
  return { tickets, entries };
}

async function verifyChains(client: Queryable, deskId: string, faults: string[]): Promise<number> {
  const orphans = await client.query<{ id: string }>(
    `select distinct c.command_id as id from (
       select left(e.id, 36)::uuid as command_id from entries e where e.desk_id = $1) c
     where not exists (select 1 from commands k where k.desk_id = $1 and k.id = c.command_id) limit 5`,
    [deskId],
  );
  for (const { id } of orphans.rows) faults.push(`an entry names command ${id}, which is not there`);
  const { rows } = await client.query<{ count: number }>('select count(*) from commands where desk_id = $1', [deskId]);
  return rows[0]?.count ?? 0;
}

/** The chain heads of the devices, and the counters of numbers, are not behind what they have given. */
async function verifyHeads(client: Queryable, deskId: string, faults: string[]): Promise<void> {
  const chains = await client.query<{ deviceId: string; n: number }>(
    `select c.device_id as "deviceId", max(c.n) as n from commands c
       left join incarnations i on i.desk_id = c.desk_id and i.device_id = c.device_id and i.incarnation = c.incarnation
     where c.desk_id = $1 group by c.device_id, c.incarnation, i.last_n having max(c.n) > coalesce(i.last_n, 0) limit 5`,
    [deskId],
  );
  for (const { deviceId, n } of chains.rows) faults.push(`device ${deviceId}: its chain ends before its command ${n}`);
  const numbers = await client.query<{ number: string }>(
    `select t.number from tickets t join desks d on d.id = t.desk_id
       left join counters c on c.desk_id = t.desk_id and c.kind = 'ticket' and c.year = substring(t.number from '-(\\d{4})-')::int
     where t.desk_id = $1 and t.number ~ '-\\d{4}-\\d{6,9}$' and starts_with(t.number, d.settings::json->>'numberPrefix')
       and substring(t.number from '\\d+$')::int > coalesce(c.last, 0) limit 5`,
    [deskId],
  );
  for (const { number } of numbers.rows) faults.push(`number ${number} is beyond its counter`);
}

/** Epoch and key of the desk, and what still waits for tickets that have not come back from consoles (SY14). */
async function verifyEpoch(client: Queryable, deskId: string, faults: string[]): Promise<number> {
  const { rows } = await client.query<{ sealKey: string; restoredAt: number | null; orphans: number }>(
    `select seal_key as "sealKey", restored_at as "restoredAt",
       (select count(*) from orphans o where o.desk_id = d.id) as orphans from desks d where id = $1`,
    [deskId],
  );
  const [desk] = rows;
  if (!/^[0-9a-f]{64}$/.test(desk?.sealKey ?? '')) faults.push('the key of its seals is not one');
  if (desk !== undefined && desk.restoredAt === null && desk.orphans > 0)
    faults.push(`${desk.orphans} orphans, though the desk never was restored`);
  const stranded = await client.query<{ id: string; why: string }>(
    `select o.command_id as id, case when c.id is null then 'is not among the commands' else 'waits for a ticket that is there' end as why
     from orphans o left join commands c on c.desk_id = o.desk_id and c.id = o.command_id
     where o.desk_id = $1 and (c.id is null or (o.carried_at is null and exists (
       select 1 from tickets t where t.desk_id = o.desk_id and t.id = o.ticket_id))) limit 5`,
    [deskId],
  );
  for (const { id, why } of stranded.rows) faults.push(`orphan ${id} ${why}`);
  const waiting = await client.query<{ n: number }>(
    'select count(*) as n from orphans where desk_id = $1 and carried_at is null',
    [deskId],
  );
  return waiting.rows[0]?.n ?? 0;
}

/** Checks a desk against itself: log, timelines, columns, commands, chains, orphans, what is said of files. Reads one fixed state, changes nothing. */
export const verifyDesk = (db: Database, deskId: string, name: string): Promise<DeskReport> =>
  inSnapshot(db, (client) => verifyDeskIn(client, deskId, name));

/** The same inside a transaction of the caller. */
export async function verifyDeskIn(client: Queryable, deskId: string, name: string): Promise<DeskReport> {
  const faults: string[] = [];
  const logRows = await verifyLog(client, deskId, { seq: 0, hash: LOG_START }, faults);
  await verifyLogged(client, deskId, faults);
  const { tickets, entries } = await verifyTickets(client, deskId, faults, null);
  const commands = await verifyChains(client, deskId, faults);
  await verifyHeads(client, deskId, faults);
  const waiting = await verifyEpoch(client, deskId, faults);
  await verifyFiles(client, deskId, faults);
  const moves = await client.query<{ move: string; count: number }>(
    `select from_tier || '→' || to_tier as move, count(*) from entries
     where desk_id = $1 and from_tier is not null group by 1 order by 1`,
    [deskId],
  );
  const tierMoves = Object.fromEntries(moves.rows.map((row) => [row.move, row.count]));
  return { deskId, name, tickets, entries, commands, logRows, waiting, tierMoves, faults };
}

/** Only the last places of the log, and the tickets that they name: what a look every few minutes can afford. */
export async function verifyRecentIn(
  client: Queryable,
  deskId: string,
  name: string,
  places: number,
): Promise<Pick<DeskReport, 'deskId' | 'name' | 'tickets' | 'logRows' | 'faults'>> {
  const faults: string[] = [];
  const before = await client.query<LogPlace>(
    'select seq, hash from change_log where desk_id = $1 order by seq desc offset $2 limit 1',
    [deskId, places],
  );
  const from = before.rows[0] ?? { seq: 0, hash: LOG_START };
  const logRows = await verifyLog(client, deskId, from, faults);
  const named = await client.query<{ id: string }>(
    "select distinct entity_id as id from change_log where desk_id = $1 and seq > $2 and entity = 'ticket'",
    [deskId, from.seq],
  );
  const ids = named.rows.map(({ id }) => id);
  const { tickets } = await verifyTickets(client, deskId, faults, ids);
  return { deskId, name, tickets, logRows, faults };
}
