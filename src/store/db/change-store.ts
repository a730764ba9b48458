import type { ClientBase } from 'pg';
import type {
  ChangeReads,
  ChangeStore,
  DirectoryRow,
  EntryRow,
  LoggedKeys,
  LogRow,
  TicketRow,
} from '../changes/change-reads.ts';
import { scopeCondition, scopeParams, windowCondition } from '../scope/ticket-scope.ts';
import { deskRow, logHashAt, logHead } from './desk-head.ts';
import { changedSince, directoryDigests, directoryTallies, ticketDigests, ticketTallies } from './digest-reads.ts';
import { directoryTables } from './directory-rows.ts';
import { loggedKeysOf } from './logged-keys.ts';
import { named } from './named.ts';
import { nearHead } from './near-head.ts';
import type { Database } from './pool.ts';
import { searchClosed } from './search-reads.ts';
import { countAll, snapshotPage } from './snapshot-pages.ts';
import { inSnapshot } from './transaction.ts';

type Queryable = Pick<ClientBase, 'query'>;

/** The reads of one desk over whatever answers queries. */
export const readsOn = (db: Queryable, deskId: string): ChangeReads => ({
  desk: () => deskRow(db, deskId),
  head: () => logHead(db, deskId),
  hashAt: (seq) => logHashAt(db, deskId, seq),
  async logAfter(seq, limit) {
    const { rows } = await db.query<Omit<LogRow, 'before'> & { before: string | null }>(
      named(
        `select l.seq, l.txid, l.entity, l.entity_id as id, l.previous_version as "previousVersion", l.hash, l.before,
         (select max(m.seq) from change_log m where m.desk_id = $1 and m.entity_id = l.entity_id) as "lastSeq"
       from change_log l where l.desk_id = $1 and l.seq > $2 order by l.seq limit $3`,
        [deskId, seq, limit],
      ),
    );
    const keys = loggedKeysOf();
    return rows.map((row) => ({ ...row, before: keys(row.before) }));
  },
  async keysSince(seq, ids) {
    const { rows } = await db.query<{ id: string; before: string | null }>(
      named(
        `select distinct entity_id as id, before from change_log
       where desk_id = $1 and seq > $2 and entity_id = any($3::uuid[])`,
        [deskId, seq, ids],
      ),
    );
    const keys = new Map<string, (LoggedKeys | null)[]>();
    const read = loggedKeysOf();
    for (const { id, before } of rows) {
      const known = keys.get(id) ?? [];
      known.push(read(before));
      keys.set(id, known);
    }
    return keys;
  },
  async tickets(ids, scope) {
    const { rows } = await db.query<TicketRow>(
      named(
        `select t.id, t.doc, ${scopeCondition(scope, 't', 3)} as "inScope", ${windowCondition('t', 3)} as "inWindow"
       from tickets t where t.desk_id = $1 and t.id = any($2::uuid[])`,
        [deskId, ids, ...scopeParams(scope)],
      ),
    );
    return rows;
  },
  async entriesAfter(wanted) {
    const { rows } = await db.query<EntryRow>(
      named(
        `select e.ticket_id as "ticketId", e.doc
       from unnest($2::uuid[], $3::int[]) as w(id, after)
       join entries e on e.desk_id = $1 and e.ticket_id = w.id and e.seq > w.after
       order by e.ticket_id, e.seq`,
        [deskId, wanted.map((w) => w.id), wanted.map((w) => w.after)],
      ),
    );
    return rows;
  },
  async directoryRows(entity, ids) {
    const { rows } = await db.query<DirectoryRow>(
      `select id, doc from ${directoryTables[entity]} where desk_id = $1 and id = any($2::uuid[]) order by id`,
      [deskId, ids],
    );
    return rows;
  },
  async chainEnd(deviceId, incarnation) {
    const { rows } = await db.query<{ lastN: number }>(
      named('select last_n as "lastN" from incarnations where desk_id = $1 and device_id = $2 and incarnation = $3', [
        deskId,
        deviceId,
        incarnation,
      ]),
    );
    return rows[0]?.lastN ?? 0;
  },
  page: (entity, after, limit, scope) => snapshotPage(db, deskId, entity, after, limit, scope),
  countAll: (scope) => countAll(db, deskId, scope),
  ticketTallies: (scope) => ticketTallies(db, deskId, scope),
  directoryTallies: () => directoryTallies(db, deskId),
  ticketDigests: (buckets, scope) => ticketDigests(db, deskId, buckets, scope),
  directoryDigests: (entity) => directoryDigests(db, deskId, entity),
  changedSince: (seq, limit) => changedSince(db, deskId, seq, limit),
  searchClosed: (terms, limit, scope) => searchClosed(db, deskId, terms, limit, scope),
});

/** The port of the change log on PostgreSQL. */
export const createChangeStore = (db: Pick<Database, 'pool'>): ChangeStore => ({
  // Statements go out right behind the BEGIN; nothing is answered before it and they have succeeded.
  atOnce: (deskId, work) => inSnapshot(db, (client) => work(readsOn(client, deskId))),
  nearHead: (deskId, asked) => nearHead(db.pool, deskId, asked),
  live: (deskId) => readsOn(db.pool, deskId),
});
