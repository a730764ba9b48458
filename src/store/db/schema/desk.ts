import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

/** A service desk: the tenant. Every other table is keyed by it. */
export const desks = pgTable('desks', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** JSON of storeDeskSettings. */
  settings: text('settings').notNull(),
  /** Changes when the store was restored from an older state: consoles refill and replay. */
  epoch: uuid('epoch').notNull(),
  /** When this epoch began by a restore; null when the desk never was restored. */
  restoredAt: bigint('restored_at', { mode: 'number' }),
  /** Key of the seals on places of the log: 244 random bits in hex. Never leaves the database but in a backup. */
  sealKey: text('seal_key')
    .notNull()
    .default(sql`replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')`),
  /** System identifier and timeline of the PostgreSQL that the desk was last served from; null before the first time. */
  cluster: text('cluster'),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

/** `doc` is the row's exact JSON as it travels; the columns beside it exist to be searched. */
const directoryColumns = () => ({
  deskId: uuid('desk_id')
    .notNull()
    .references(() => desks.id),
  id: uuid('id').notNull(),
  version: integer('version').notNull(),
  doc: text('doc').notNull(),
});

export const sites = pgTable('sites', directoryColumns(), (t) => [primaryKey({ columns: [t.deskId, t.id] })]);
export const orgUnits = pgTable('org_units', directoryColumns(), (t) => [primaryKey({ columns: [t.deskId, t.id] })]);
export const services = pgTable('services', directoryColumns(), (t) => [primaryKey({ columns: [t.deskId, t.id] })]);
export const people = pgTable('people', directoryColumns(), (t) => [primaryKey({ columns: [t.deskId, t.id] })]);
export const assets = pgTable('assets', directoryColumns(), (t) => [primaryKey({ columns: [t.deskId, t.id] })]);
export const teams = pgTable(
  'teams',
  { ...directoryColumns(), active: boolean('active').notNull(), triage: boolean('triage').notNull() },
  (t) => [primaryKey({ columns: [t.deskId, t.id] })],
);
export const memberships = pgTable(
  'memberships',
  {
    ...directoryColumns(),
    active: boolean('active').notNull(),
    teamId: uuid('team_id').notNull(),
    personId: uuid('person_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('memberships_person_team').on(t.deskId, t.personId, t.teamId),
  ],
);

/** Next numbers: official numbers by year, device prefixes (year 0). The row's lock orders those who take one. */
export const counters = pgTable(
  'counters',
  {
    deskId: uuid('desk_id')
      .notNull()
      .references(() => desks.id),
    kind: text('kind', { enum: ['ticket', 'device'] }).notNull(),
    year: integer('year').notNull(),
    last: integer('last').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.kind, t.year] })],
);

/** Commit-order log, written by triggers only. See the migration that holds them. */
export const changeLog = pgTable(
  'change_log',
  {
    deskId: uuid('desk_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    txid: bigint('txid', { mode: 'number' }).notNull(),
    entity: text('entity').notNull(),
    entityId: uuid('entity_id').notNull(),
    version: integer('version').notNull(),
    /** 0 on an insert. */
    previousVersion: integer('previous_version').notNull(),
    /** JSON of the ticket's scope keys (and `closed`) before and after; null for the directory. */
    before: text('before'),
    after: text('after'),
    /** Rolls over the whole log of the desk, so one value vouches for everything up to it. */
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.seq] }), index('change_log_entity').on(t.deskId, t.entityId, t.seq)],
);
