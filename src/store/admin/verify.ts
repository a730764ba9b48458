import { createHash } from 'node:crypto';
import { LOG_START, type LogPlace } from '../changes/change-reads.ts';
import type { Database } from '../db/pool.ts';
import { inSnapshot } from '../db/transaction.ts';
import { auditStep, pages, type Queryable } from './audit-steps.ts';
import { verifyCommands } from './verify-commands.ts';
import { verifyFiles } from './verify-files.ts';
import { verifyTickets } from './verify-tickets.ts';

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
  /** What may have been done past the store, or by a console that does not keep to the protocol: a person should look. */
  readonly doubts: readonly string[];
}
const PAGE = 2_000;

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

/** The chain heads of the devices are not behind what they have given. */
async function verifyHeads(client: Queryable, deskId: string, faults: string[]): Promise<void> {
  const chains = await client.query<{ deviceId: string; n: number }>(
    `select c.device_id as "deviceId", max(c.n) as n from commands c
       left join incarnations i on i.desk_id = c.desk_id and i.device_id = c.device_id and i.incarnation = c.incarnation
     where c.desk_id = $1 group by c.device_id, c.incarnation, i.last_n having max(c.n) > coalesce(i.last_n, 0) limit 5`,
    [deskId],
  );
  for (const { deviceId, n } of chains.rows) faults.push(`device ${deviceId}: its chain ends before its command ${n}`);
}

/** The counters of official numbers are not behind what they have given. */
async function verifyNumbers(client: Queryable, deskId: string, faults: string[]): Promise<void> {
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
  const doubts: string[] = [];
  const step = <T>(part: string, work: (found: string[]) => Promise<T>) => auditStep(client, faults, part, work);
  const logRows = await step('log', (found) => verifyLog(client, deskId, { seq: 0, hash: LOG_START }, found));
  await step('log', (found) => verifyLogged(client, deskId, found));
  const counted = await step('tickets', (found) => verifyTickets(client, deskId, found, null));
  const commands = await step('commands', (found) => verifyCommands(client, deskId, found, doubts));
  await step('chains', (found) => verifyHeads(client, deskId, found));
  await step('numbers', (found) => verifyNumbers(client, deskId, found));
  const waiting = await step('orphans', (found) => verifyEpoch(client, deskId, found));
  await step('files', (found) => verifyFiles(client, deskId, found));
  const moves = await client.query<{ move: string; count: number }>(
    `select from_tier || '→' || to_tier as move, count(*) from entries
     where desk_id = $1 and from_tier is not null group by 1 order by 1`,
    [deskId],
  );
  return {
    deskId,
    name,
    tickets: counted?.tickets ?? 0,
    entries: counted?.entries ?? 0,
    commands: commands ?? 0,
    logRows: logRows ?? 0,
    waiting: waiting ?? 0,
    tierMoves: Object.fromEntries(moves.rows.map((row) => [row.move, row.count])),
    faults,
    doubts,
  };
}

/** Only the last places of the log, and the tickets that they name: what a look every few minutes can afford. Commands are not looked at. */
export async function verifyRecentIn(
  client: Queryable,
  deskId: string,
  name: string,
  places: number,
): Promise<Pick<DeskReport, 'deskId' | 'name' | 'tickets' | 'logRows' | 'faults' | 'doubts'>> {
  const faults: string[] = [];
  const before = await client.query<LogPlace>(
    'select seq, hash from change_log where desk_id = $1 order by seq desc offset $2 limit 1',
    [deskId, places],
  );
  const from = before.rows[0] ?? { seq: 0, hash: LOG_START };
  const logRows = await auditStep(client, faults, 'log', (found) => verifyLog(client, deskId, from, found));
  const named = await client.query<{ id: string }>(
    "select distinct entity_id as id from change_log where desk_id = $1 and seq > $2 and entity = 'ticket'",
    [deskId, from.seq],
  );
  const ids = named.rows.map(({ id }) => id);
  const counted = await auditStep(client, faults, 'tickets', (found) => verifyTickets(client, deskId, found, ids));
  return { deskId, name, tickets: counted?.tickets ?? 0, logRows: logRows ?? 0, faults, doubts: [] };
}
