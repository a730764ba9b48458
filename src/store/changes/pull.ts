import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { DirectoryEntity } from '../../domain/directory.ts';
import { inScope, scopeKeysSchema } from '../../domain/scope.ts';
import { directoryTables } from '../db/directory-rows.ts';
import { mayHaveHeld, scopeCondition, scopeParams, type TicketScope, windowCondition } from '../scope/ticket-scope.ts';

interface LogRow {
  readonly seq: number;
  readonly txid: number;
  readonly entity: string;
  readonly id: string;
  readonly previousVersion: number;
  /** Last place of this entity in the whole log, as far as this snapshot sees. */
  readonly lastSeq: number;
  /** Of the log up to here. */
  readonly hash: string;
}
export interface PullOptions {
  readonly deskId: string;
  readonly cursor: number;
  /** Of the log up to the cursor. */
  readonly cursorHash: string;
  readonly limit: number;
  readonly scopeVersion: string;
  readonly scope: TicketScope;
}

const LOG_ROWS = 4_000;
const line = (entity: string, doc: string) => `{"t":"up","e":"${entity}","row":${doc}}`;

/** Log rows after a place, and one more, which tells whether the last one closes its transaction. */
export async function readLog(client: ClientBase, deskId: string, after: number): Promise<LogRow[]> {
  const { rows } = await client.query<LogRow>(
    `select l.seq, l.txid, l.entity, l.entity_id as id, l.previous_version as "previousVersion", l.hash,
       (select max(m.seq) from change_log m where m.desk_id = $1 and m.entity_id = l.entity_id) as "lastSeq"
     from change_log l where l.desk_id = $1 and l.seq > $2 order by l.seq limit ${LOG_ROWS + 1}`,
    [deskId, after],
  );
  return rows;
}

const loggedKeysSchema = scopeKeysSchema.extend({ closed: z.boolean() });
type LoggedKeys = z.infer<typeof loggedKeysSchema>;

/**
 * The keys that each ticket had at the cursor and at every place after it; null: it was not there yet. The console may have
 * seen any of them, not only the one at its cursor: a page of a fill is read after its pin, and a pull that was cut may have
 * been applied in part.
 */
async function keysSince(client: ClientBase, { deskId, cursor }: PullOptions, ids: readonly string[]) {
  const { rows } = await client.query<{ id: string; before: string | null }>(
    `select distinct entity_id as id, before from change_log
     where desk_id = $1 and seq > $2 and entity_id = any($3::uuid[])`,
    [deskId, cursor, ids],
  );
  const keys = new Map<string, (LoggedKeys | null)[]>();
  for (const { id, before } of rows) {
    const known = keys.get(id) ?? [];
    known.push(before === null ? null : loggedKeysSchema.parse(JSON.parse(before)));
    keys.set(id, known);
  }
  return keys;
}

/** The first log row of every entity that was not sent yet: its previous version is what the console had at its cursor. */
function firstMet(page: readonly LogRow[], sent: ReadonlySet<string>): LogRow[] {
  const first = new Map<string, LogRow>();
  for (const row of page) if (!sent.has(row.id) && !first.has(row.id)) first.set(row.id, row);
  return [...first.values()];
}

/** Ready lines of the tickets first met in these log rows: the current ticket with what is new of its timeline, or a removal. */
async function ticketLines(client: ClientBase, options: PullOptions, met: readonly LogRow[]) {
  const { deskId, scope } = options;
  const lines = new Map<string, string[]>();
  if (met.length === 0) return lines;
  const ids = met.map((row) => row.id);
  const [{ rows }, seen] = await Promise.all([
    client.query<{ id: string; doc: string; inScope: boolean; inWindow: boolean }>(
      `select t.id, t.doc, ${scopeCondition(scope, 't', 3)} as "inScope", ${windowCondition('t', 3)} as "inWindow"
       from tickets t where t.desk_id = $1 and t.id = any($2::uuid[])`,
      [deskId, ids, ...scopeParams(scope)],
    ),
    keysSince(client, options, ids),
  ]);
  const current = new Map(rows.map((row) => [row.id, row]));
  const wanted: { id: string; after: number }[] = [];
  for (const row of met) {
    const ticket = current.get(row.id);
    const before = seen.get(row.id) ?? [];
    if (ticket?.inScope && ticket.inWindow) {
      lines.set(row.id, [line('ticket', ticket.doc)]);
      // A console that may have dropped it on the way gets the whole timeline again: it was out of scope for a while, or
      // closed, and so perhaps out of the window.
      const knows = before.every((keys) => keys !== null && !keys.closed && inScope(scope.grant, keys, scope.now));
      wanted.push({ id: row.id, after: knows ? row.previousVersion : 0 });
    } else if (before.some((keys) => keys !== null && mayHaveHeld(scope.grant, keys))) {
      const why = ticket === undefined ? 'deleted' : ticket.inScope ? 'window' : 'scope';
      lines.set(row.id, [`{"t":"rm","e":"ticket","id":"${row.id}","why":"${why}"}`]);
    }
  }
  if (wanted.length === 0) return lines;
  const entries = await client.query<{ id: string; doc: string }>(
    `select e.ticket_id as id, e.doc
     from unnest($2::uuid[], $3::int[]) as w(id, after)
     join entries e on e.desk_id = $1 and e.ticket_id = w.id and e.seq > w.after
     order by e.ticket_id, e.seq`,
    [deskId, wanted.map((w) => w.id), wanted.map((w) => w.after)],
  );
  for (const entry of entries.rows) lines.get(entry.id)?.push(line('entry', entry.doc));
  return lines;
}

async function directoryLines(client: ClientBase, deskId: string, met: readonly LogRow[]) {
  const lines = new Map<string, string[]>();
  for (const [entity, table] of Object.entries(directoryTables) as [DirectoryEntity, string][]) {
    const ids = met.filter((row) => row.entity === entity).map((row) => row.id);
    if (ids.length === 0) continue;
    const { rows } = await client.query<{ id: string; doc: string }>(
      `select id, doc from ${table} where desk_id = $1 and id = any($2::uuid[])`,
      [deskId, ids],
    );
    for (const row of rows) lines.set(row.id, [line(entity, row.doc)]);
  }
  return lines;
}

/**
 * NDJSON of a pull, in pieces. Call it inside one REPEATABLE READ transaction, with the first log rows after the cursor.
 *
 * Rows go out as they are now, at the first place where the log names them. A boundary goes out only where nothing sent so far
 * changes again further on; so at every boundary the console's base equals the store at that place (SY4, SY6), although
 * no old version is kept. A page ends at the first boundary past its limit; at the head of the snapshot every cut is closed.
 */
export async function* pullLines(
  client: ClientBase,
  options: PullOptions,
  first: readonly LogRow[],
): AsyncGenerator<string> {
  const sent = new Set<string>();
  let place = options.cursor;
  let boundary = options.cursor;
  let hash = options.cursorHash;
  let rows = first;
  let horizon = 0;
  let lines = 0;
  let more = false;
  reading: for (;;) {
    const page = rows.slice(0, LOG_ROWS);
    const met = firstMet(page, sent);
    const isTicket = (row: LogRow) => row.entity === 'ticket';
    const tickets = await ticketLines(client, options, met.filter(isTicket));
    const directory = await directoryLines(client, options.deskId, met);
    let text = '';
    for (const [index, row] of page.entries()) {
      if (!sent.has(row.id)) {
        sent.add(row.id);
        for (const out of tickets.get(row.id) ?? directory.get(row.id) ?? []) {
          text += `${out}\n`;
          lines++;
        }
      }
      horizon = Math.max(horizon, row.lastSeq);
      place = row.seq;
      const next = rows[index + 1];
      if (next?.txid === row.txid || horizon > row.seq) continue;
      boundary = row.seq;
      hash = row.hash;
      text += `{"t":"tx","seq":${row.seq}}\n`;
      if (lines >= options.limit && next !== undefined) {
        more = true;
        yield text;
        break reading;
      }
    }
    if (text !== '') yield text;
    if (rows.length <= LOG_ROWS) break;
    rows = await readLog(client, options.deskId, place);
  }
  yield `${JSON.stringify({ t: 'end', cursor: boundary, more, logHash: hash, scopeVersion: options.scopeVersion })}\n`;
}
