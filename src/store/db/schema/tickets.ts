import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { desks } from './desk.ts';

const deskId = () =>
  uuid('desk_id')
    .notNull()
    .references(() => desks.id);
/** Without the reference: these rows come in thousands and always beside a ticket that has it. */
const plainDeskId = () => uuid('desk_id').notNull();
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const instant = (name: string) => bigint(name, { mode: 'number' });

/** `doc` is the ticket's exact JSON, streamed as it stands; the columns are for scope, window and questions. */
export const tickets = pgTable(
  'tickets',
  {
    deskId: deskId(),
    id: uuid('id').notNull(),
    version: integer('version').notNull(),
    number: text('number'),
    kind: text('kind').notNull(),
    status: text('status').notNull(),
    tier: smallint('tier').notNull(),
    siteId: uuid('site_id').notNull(),
    teamId: uuid('team_id').notNull(),
    assigneeId: uuid('assignee_id'),
    registeredBy: uuid('registered_by').notNull(),
    registeredAt: instant('registered_at').notNull(),
    /** The store's time of closing or cancelling: the window of closed tickets counts from it. Null while not closed. */
    closedRecordedAt: instant('closed_recorded_at'),
    doc: text('doc').notNull(),
    /** XOR of `row_digest` of this text and of those of all its entries; every write carries it on (SY4). */
    digest: bigint('digest', { mode: 'bigint' }).notNull(),
    /** Words of a closed ticket, folded; written by a trigger. Null while it was never closed. */
    searchWords: tsvector('search_words'),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('tickets_number').on(t.deskId, t.number).where(sql`number is not null`),
    index('tickets_site').on(t.deskId, t.siteId),
    index('tickets_team').on(t.deskId, t.teamId),
    index('tickets_assignee').on(t.deskId, t.assigneeId),
    index('tickets_author').on(t.deskId, t.registeredBy, t.registeredAt),
    index('tickets_closed')
      .on(t.deskId, t.closedRecordedAt.desc(), t.id.desc())
      .where(sql`closed_recorded_at is not null`),
    index('tickets_search').using('gin', t.searchWords).where(sql`search_words is not null`),
  ],
);

/** The timeline and audit trail: insert only. */
export const entries = pgTable(
  'entries',
  {
    deskId: plainDeskId(),
    ticketId: uuid('ticket_id').notNull(),
    seq: integer('seq').notNull(),
    id: text('id').notNull(),
    type: text('type').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** Set on moves between tiers: what `verify` counts. */
    fromTier: smallint('from_tier'),
    toTier: smallint('to_tier'),
    doc: text('doc').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.ticketId, t.seq] })],
);

/** Every command ever received with its outcome, as text: it replays byte for byte. Insert only. */
export const commands = pgTable(
  'commands',
  {
    deskId: plainDeskId(),
    id: uuid('id').notNull(),
    deviceId: uuid('device_id').notNull(),
    incarnation: uuid('incarnation').notNull(),
    n: integer('n').notNull(),
    /** SHA-256 of the command, which its successor names. */
    hash: text('hash').notNull(),
    ticketId: uuid('ticket_id').notNull(),
    type: text('type').notNull(),
    accountId: uuid('account_id').notNull(),
    refused: boolean('refused').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    envelope: text('envelope').notNull(),
    outcome: text('outcome').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('commands_chain').on(t.deskId, t.deviceId, t.incarnation, t.n),
  ],
);

/** Head of each chain of commands. Its row lock lets one push of a chain through at a time (SY3). */
export const incarnations = pgTable(
  'incarnations',
  {
    deskId: plainDeskId(),
    deviceId: uuid('device_id').notNull(),
    incarnation: uuid('incarnation').notNull(),
    lastN: integer('last_n').notNull(),
    lastHash: text('last_hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.deviceId, t.incarnation] })],
);

/**
 * Commands answered before a restore and sent again while their ticket's register is still with a console that has not come
 * back (SY14). Each is carried out once, when the register arrives, in the order of `place`.
 */
export const orphans = pgTable(
  'orphans',
  {
    deskId: plainDeskId(),
    commandId: uuid('command_id').notNull(),
    ticketId: uuid('ticket_id').notNull(),
    /** Order of receipt. */
    place: bigserial('place', { mode: 'number' }).notNull(),
    /** JSON of the domain's actor: the rights of the author as they were at the receipt. */
    actor: text('actor').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** When it was carried out; null while it waits. */
    carriedAt: instant('carried_at'),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.commandId] }), index('orphans_ticket').on(t.deskId, t.ticketId, t.place)],
);
