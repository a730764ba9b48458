import type { ClientBase, QueryConfig } from 'pg';
import type { TimelineEntry } from '../../domain/events.ts';
import type { ChainHead, DeskWrites, NewCommand, StoredTicket } from '../commands/desk-port.ts';
import { attachmentStatements } from './attachment-rows.ts';
import { named } from './named.ts';
import { orphanStatements } from './orphan-rows.ts';
import { addedDigests, type EntryDoc, entryDocs, rowDigest } from './row-digest.ts';
import { storableText } from './storable-text.ts';

/** Columns as arrays for `unnest`: one statement a table, whatever the size of the batch. */
const column = <R, V>(rows: readonly R[], value: (row: R) => V): V[] => rows.map(value);

/** The last is the digest that a row gains: of its text, and of the entries that come with it. */
const ticketColumns = (rows: readonly StoredTicket[], docs: readonly string[], added: ReadonlyMap<string, bigint>) => [
  column(rows, (r) => r.ticket.id),
  column(rows, (r) => r.ticket.version),
  column(rows, (r) => r.ticket.number),
  column(rows, (r) => r.ticket.kind),
  column(rows, (r) => r.ticket.status),
  column(rows, (r) => r.ticket.tier),
  column(rows, (r) => r.ticket.siteId),
  column(rows, (r) => r.ticket.teamId),
  column(rows, (r) => r.ticket.assigneeId),
  column(rows, (r) => r.ticket.registeredBy),
  column(rows, (r) => r.ticket.clocks.registeredAt),
  column(rows, (r) => r.closedRecordedAt),
  docs,
  rows.map((r, at) => String(rowDigest(docs[at] ?? '') ^ (added.get(r.ticket.id) ?? 0n))),
];
const TICKET_COLUMNS =
  'id, version, number, kind, status, tier, site_id, team_id, assignee_id, registered_by, registered_at, closed_recorded_at, doc, digest';
const TICKET_UNNEST =
  'unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::bigint[], $13::bigint[], $14::text[], $15::bigint[])';

function ticketStatements(
  deskId: string,
  writes: Pick<DeskWrites, 'inserted' | 'updated'>,
  entries: readonly EntryDoc[],
): QueryConfig[] {
  const statements: QueryConfig[] = [];
  const added = addedDigests(entries);
  const paramsOf = (rows: readonly StoredTicket[]) => {
    const docs = rows.map((row) => JSON.stringify(row.ticket));
    return [deskId, ...ticketColumns(rows, docs, added)];
  };
  if (writes.inserted.length > 0) {
    // A plain insert: a ticket that appeared meanwhile is a conflict, never overwritten.
    statements.push(
      named(
        `insert into tickets (desk_id, ${TICKET_COLUMNS}) select $1, * from ${TICKET_UNNEST}`,
        paramsOf(writes.inserted),
      ),
    );
  }
  if (writes.updated.length > 0) {
    statements.push(
      named(
        `update tickets t set version = n.version, number = n.number, kind = n.kind, status = n.status, tier = n.tier,
           site_id = n.site_id, team_id = n.team_id, assignee_id = n.assignee_id,
           closed_recorded_at = n.closed_recorded_at, doc = n.doc, digest = t.digest # row_digest(t.doc) # n.digest
         from ${TICKET_UNNEST} as n(${TICKET_COLUMNS}) where t.desk_id = $1 and t.id = n.id`,
        paramsOf(writes.updated),
      ),
    );
  }
  return statements;
}

function entryStatements(deskId: string, docs: readonly EntryDoc[]): QueryConfig[] {
  if (docs.length === 0) return [];
  const entries = docs.map(({ entry }) => entry);
  const tier = (side: 'fromTier' | 'toTier') => (entry: TimelineEntry) =>
    entry.event.type === 'escalated' || entry.event.type === 'returned' ? entry.event[side] : null;
  return [
    named(
      `insert into entries (desk_id, ticket_id, seq, id, type, recorded_at, from_tier, to_tier, doc)
     select $1, * from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::smallint[], $8::smallint[], $9::text[])`,
      [
        deskId,
        column(entries, (e) => e.ticketId),
        column(entries, (e) => e.seq),
        column(entries, (e) => e.id),
        column(entries, (e) => e.event.type),
        column(entries, (e) => e.recordedAt),
        column(entries, tier('fromTier')),
        column(entries, tier('toTier')),
        column(docs, ({ doc }) => doc),
      ],
    ),
  ];
}

function commandStatements(deskId: string, rows: readonly NewCommand[]): QueryConfig[] {
  if (rows.length === 0) return [];
  return [
    named(
      `insert into commands (desk_id, id, device_id, incarnation, n, hash, ticket_id, type, account_id, refused, recorded_at, envelope, outcome)
     select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::uuid[], $8::text[], $9::uuid[], $10::boolean[], $11::bigint[], $12::text[], $13::text[])`,
      [
        deskId,
        column(rows, (r) => r.command.id),
        column(rows, (r) => r.command.deviceId),
        column(rows, (r) => r.command.incarnation),
        column(rows, (r) => r.command.n),
        column(rows, (r) => r.hash),
        column(rows, (r) => r.command.ticketId),
        // The one column with text of the sender that no schema has cleaned; the envelope keeps it as it came.
        column(rows, (r) => storableText(r.command.type)),
        column(rows, (r) => r.accountId),
        column(rows, (r) => r.refused),
        column(rows, (r) => r.recordedAt),
        // JSON text escapes U+0000 and lone surrogates, so the column holds every command exactly.
        column(rows, (r) => JSON.stringify(r.command)),
        column(rows, (r) => r.outcome),
      ],
    ),
  ];
}

function chainStatements(deskId: string, heads: readonly ChainHead[]): QueryConfig[] {
  if (heads.length === 0) return [];
  return [
    named(
      `update incarnations i set last_n = h.n, last_hash = h.hash
     from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[]) as h(device_id, incarnation, n, hash)
     where i.desk_id = $1 and i.device_id = h.device_id and i.incarnation = h.incarnation`,
      [
        deskId,
        column(heads, (h) => h.deviceId),
        column(heads, (h) => h.incarnation),
        column(heads, (h) => h.lastN),
        column(heads, (h) => h.lastHash),
      ],
    ),
  ];
}

/**
 * All effects of a batch, sent together and run in this order; the first failure is the one that is told. The triggers of the
 * change log run after it, at the commit. Nothing is sent before all of it is made: whoever sends the commit right behind it must not
 * commit a part because the rest could not be said.
 */
export function writeDesk(client: Pick<ClientBase, 'query'>, deskId: string, writes: DeskWrites): Promise<unknown> {
  const entries = entryDocs(writes.entries);
  const statements: QueryConfig[] = [
    ...ticketStatements(deskId, writes, entries),
    ...entryStatements(deskId, entries),
    ...commandStatements(deskId, writes.commands),
    ...chainStatements(deskId, writes.chains),
    ...orphanStatements(deskId, writes),
    ...attachmentStatements(deskId, writes),
    ...[...writes.numbers].map(([year, last]) =>
      named(`update counters set last = $3 where desk_id = $1 and kind = 'ticket' and year = $2`, [deskId, year, last]),
    ),
  ];
  return Promise.all(statements.map((statement) => client.query(statement)));
}
