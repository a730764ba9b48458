import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import type { RowDigest } from '../../src/core/ports/cache.ts';
import { createDigestReader } from '../../src/platform-node/cache-digests.ts';
import { createMetaStore } from '../../src/platform-node/cache-meta.ts';
import { type CommandRow, commandColumns, readCommandRow } from '../../src/platform-node/outbox-row.ts';

// What lies on a console's disk, read from outside and written never.

/** The profile of a data folder that has one; null before the first sign-in. */
export function profileFiles(dataDir: string): { outbox: string; cache: string } | null {
  const profiles = join(dataDir, 'console', 'profiles');
  const [profile] = existsSync(profiles) ? readdirSync(profiles) : [];
  if (profile === undefined) return null;
  return { outbox: join(profiles, profile, 'outbox.db'), cache: join(profiles, profile, 'cache.db') };
}

function reading<T>(path: string, read: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(path, { readonly: true, timeout: 5_000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const idsSchema = z.array(z.object({ id: z.string() }));
/** Ids of what is written on a ticket, in order of writing. */
export function commandsOfTicket(dataDir: string, ticketId: string): string[] {
  const files = profileFiles(dataDir);
  if (files === null) return [];
  return reading(files.outbox, (db) =>
    idsSchema
      .parse(db.prepare('select id from commands where ticket_id = ? order by pos').all(ticketId))
      .map(({ id }) => id),
  );
}

export interface OutboxLine {
  /** Its place in the file, which is the rowid of its row. */
  readonly pos: number;
  readonly id: string;
  readonly ticketId: string;
  readonly type: string;
  readonly state: string;
  readonly readable: boolean;
  /** The exact text that travels. */
  readonly wire: string;
  readonly outcome: string | null;
  readonly ackEpoch: string | null;
  readonly owed: boolean;
}
/** Every command of a console, in order of writing. */
export function outboxLines(dataDir: string): OutboxLine[] {
  const files = profileFiles(dataDir);
  return files === null || !existsSync(files.outbox) ? [] : linesIn(files.outbox);
}
export const linesIn = (path: string): OutboxLine[] =>
  reading(path, (db) =>
    db
      .prepare<[], CommandRow>(`select ${commandColumns} from commands order by pos`)
      .all()
      .map((row) => ({
        pos: row.pos,
        id: row.id,
        ticketId: row.ticket_id,
        type: row.type,
        state: row.state,
        readable: readCommandRow(row).kind === 'command',
        wire: row.wire,
        outcome: row.outcome,
        ackEpoch: row.ack_epoch,
        owed: row.replay_for !== null,
      })),
  );

/** Number of the page where the table of commands begins. */
export const rootOfCommands = (path: string): number =>
  reading(
    path,
    (db) => rootSchema.parse(db.prepare(`select rootpage from sqlite_schema where name = 'commands'`).get()).rootpage,
  );
const rootSchema = z.object({ rootpage: z.int() });

/** Where the base of a console stands. */
export function cacheStanding(dataDir: string) {
  const files = profileFiles(dataDir);
  if (files === null || !existsSync(files.cache)) return null;
  return reading(files.cache, (db) => createMetaStore(db).get());
}
/** Digests of its base rows, from the text that the file holds now. */
export function cacheDigests(dataDir: string): RowDigest[] {
  const files = profileFiles(dataDir);
  if (files === null) return [];
  return reading(files.cache, (db) => [...createDigestReader(db)(null, 1_000_000).rows]);
}
