import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { desks } from './desk.ts';

const deskId = () =>
  uuid('desk_id')
    .notNull()
    .references(() => desks.id);
const instant = (name: string) => bigint(name, { mode: 'number' });

export const accounts = pgTable(
  'accounts',
  {
    deskId: deskId(),
    id: uuid('id').notNull(),
    /** Folded to lower case; one name in the whole store, since the sign-in names no desk. */
    userName: text('user_name').notNull(),
    personId: uuid('person_id').notNull(),
    role: text('role', { enum: ['technician', 'supervisor', 'administrator', 'auditor', 'service'] }).notNull(),
    passwordHash: text('password_hash').notNull(),
    mustChangePassword: boolean('must_change_password').notNull(),
    /** May submit commands of other people (imports, intake) and set `initialTier`. */
    actOnBehalf: boolean('act_on_behalf').notNull(),
    revokedAt: instant('revoked_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.id] }), uniqueIndex('accounts_user_name').on(t.userName)],
);

/** What an account may see beyond its teams. `everything` has no target. */
export const grants = pgTable(
  'grants',
  {
    deskId: deskId(),
    accountId: uuid('account_id').notNull(),
    kind: text('kind', { enum: ['site', 'team', 'everything'] }).notNull(),
    /** The site or team; the desk itself for `everything`. */
    targetId: uuid('target_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.accountId, t.kind, t.targetId] })],
);

export const devices = pgTable(
  'devices',
  {
    deskId: deskId(),
    id: uuid('id').notNull(),
    accountId: uuid('account_id').notNull(),
    name: text('name').notNull(),
    /** Opens the provisional codes of the device; never given twice. */
    prefix: text('prefix').notNull(),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    revokedAt: instant('revoked_at'),
    /** When a revoked device said that its files are gone; what it had handed in by then, and what it could not. */
    wipedAt: instant('wiped_at'),
    handedIn: integer('handed_in'),
    leftBehind: integer('left_behind'),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('devices_prefix').on(t.deskId, t.prefix),
    index('devices_account').on(t.deskId, t.accountId),
  ],
);

/** One sign-in on one device. Holds hashes of its tokens, never the tokens. */
export const sessions = pgTable(
  'sessions',
  {
    deskId: deskId(),
    id: uuid('id').notNull(),
    accountId: uuid('account_id').notNull(),
    deviceId: uuid('device_id').notNull(),
    refreshHash: text('refresh_hash').notNull(),
    /** The predecessor of the refresh token, and the request that replaced it: the same request gets the same answer. */
    previousRefreshHash: text('previous_refresh_hash'),
    refreshRequestId: uuid('refresh_request_id'),
    accessHash: text('access_hash').notNull(),
    accessExpiresAt: instant('access_expires_at').notNull(),
    previousAccessHash: text('previous_access_hash'),
    previousAccessExpiresAt: instant('previous_access_expires_at'),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('sessions_id').on(t.id),
    index('sessions_device').on(t.deskId, t.deviceId),
  ],
);

/**
 * Failed sign-ins of the last minutes, for all processes together. `key` is a hash: neither names nor addresses are kept.
 */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    key: text('key').primaryKey(),
    /** When each failure was, oldest first; none older than the window, and no more than count. */
    times: bigint('times', { mode: 'number' }).array().notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (t) => [index('sign_in_failures_last').on(t.lastAt)],
);
