import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { CHAIN_START, commandHashInput, type WireCommand, wireCommandSchema } from '../protocol/sync/command.ts';
import { carveObjects } from './carve-objects.ts';
import { sha256Hex } from './hasher.ts';
import { parseJson } from './outbox-row.ts';

export interface Salvaged {
  /** Commands found, by row or in the raw bytes. */
  readonly commands: number;
  readonly drafts: number;
  /** Rows that a page would not give and the raw bytes did not hold either. At least so many: whole pages may be gone. */
  readonly lost: number;
}
/** Each with its key. */
const keys = {
  state: 'one',
  identity: 'one',
  commands: 'pos',
  requests: 'id',
  drafts: 'key',
  seen: 'ticket_id',
  settings: 'key',
  staged_files: 'attachment_id',
  uploads: 'attachment_id',
  fetched_files: 'sha256',
} as const;
type Table = keyof typeof keys;
const tables = Object.keys(keys) as Table[];
type Row = Record<string, string | number | null>;

/**
 * Copies what can be read of a damaged outbox into a new one: first row by row in both directions, then, from the raw
 * bytes of file and log, commands that no page leads to any more. Commands found raw count as unanswered: the store
 * knows an id that it has seen; each takes the place among the others that its n gives it (SY3). One whose content nothing vouches for is kept
 * as unreadable: reported, never sent. What was salvaged is noted in the
 * new file: the core then leaves the chain, whose last places may be lost, for a fresh one, so that no n is ever given twice.
 */
export function salvage(damagedPath: string, into: Database.Database): Salvaged {
  const found = { commands: 0, drafts: 0, lost: 0 };
  copyRows(damagedPath, into, found);
  const carved = [damagedPath, `${damagedPath}-wal`].flatMap((path) => [...commandsIn(path)]);
  // A flipped bit can leave a command that reads like any other: what it hashes to has to stand somewhere else as well.
  const named = new Set(carved.map(({ wire }) => wire.prevHash));
  for (const { prevHash } of prevHashesIn(into)) if (prevHash !== null) named.add(prevHash);
  for (const { wire, storedHash } of carved) {
    const hash = sha256Hex(commandHashInput(wire));
    const proved = hash === storedHash || named.has(hash);
    found.commands += insertCarved(into, wire, proved ? hash : storedHash);
  }
  uploadAgain(into);
  inOrder(into);
  continueChain(into);
  note(into, found);
  return found;
}

function copyRows(
  path: string,
  into: Database.Database,
  found: { commands: number; drafts: number; lost: number },
): void {
  let damaged: Database.Database;
  try {
    damaged = new Database(path, { readonly: true, fileMustExist: true });
  } catch {
    return;
  }
  try {
    for (const table of tables) {
      if (isOlderThan(damaged, table)) continue;
      const rows = new Map<string, Row>();
      // The same rows from both ends: a broken page in the middle stops each walk at its own side.
      for (const direction of ['asc', 'desc'] as const) {
        if (!walk(damaged, table, direction, rows) && direction === 'desc') found.lost += 1;
      }
      for (const row of rows.values()) {
        if (table === 'state') {
          const state = { ack_mark: null, ...row };
          into
            .prepare('update state set revision = @revision, seen_baseline = @seen_baseline, ack_mark = @ack_mark')
            .run(state);
          continue;
        }
        try {
          const changes = table === 'commands' ? insertCommand(into, row) : insertRow(into, table, row);
          if (table === 'commands') found.commands += changes;
          if (table === 'drafts') found.drafts += changes;
        } catch {
          found.lost += 1;
        }
      }
    }
  } finally {
    damaged.close();
  }
}

/** A file of before there were attachments has none of their tables: nothing is lost with them. One that cannot be asked has them all. */
function isOlderThan(db: Database.Database, table: Table): boolean {
  try {
    return db.prepare('select 1 from sqlite_schema where name = ?').get(table) === undefined;
  } catch {
    return false;
  }
}

/** Reads until the end or until a page breaks; false when it broke. */
function walk(db: Database.Database, table: Table, direction: 'asc' | 'desc', rows: Map<string, Row>): boolean {
  const key = keys[table];
  try {
    const statement = db.prepare<[], Row>(`select * from ${table} order by ${key} ${direction}`);
    for (const row of statement.iterate()) rows.set(String(row[key]), row);
    return true;
  } catch {
    return false;
  }
}

interface CarvedCommand {
  readonly wire: WireCommand;
  /** What stands where a row has the hash of its command. */
  readonly storedHash: string;
}
const HASH_CHARACTERS = 64;

function* commandsIn(path: string): Generator<CarvedCommand> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return;
  }
  for (const { text, behind } of carveObjects(bytes, '{"id":"', HASH_CHARACTERS)) {
    const wire = wireCommandSchema.safeParse(parseJson(text));
    if (wire.success) yield { wire: wire.data, storedHash: behind };
  }
}

const prevHashesIn = (db: Database.Database): { prevHash: string | null }[] =>
  db
    .prepare<[], { prevHash: string | null }>(
      `select case when json_valid(wire) then wire ->> '$.prevHash' end as prevHash from commands`,
    )
    .all();

function insertRow(into: Database.Database, table: Table, row: Row): number {
  const names = Object.keys(row);
  const values = names.map((name) => `@${name}`).join(', ');
  return into.prepare(`insert or ignore into ${table} (${names.join(', ')}) values (${values})`).run(row).changes;
}

/** A command whose place in the file or in the chain is taken already goes behind: its id and its content are what counts. */
function insertCommand(into: Database.Database, row: Row): number {
  const known = into.prepare<[string], { found: number }>(
    'select exists (select 1 from commands where id = ?) as found',
  );
  const isKnown = () => known.get(String(row['id']))?.found === 1;
  if (isKnown()) return 0;
  const { pos: _, ...behind } = row;
  const elsewhere = { ...behind, incarnation: `${row['incarnation']}/${row['id']}` };
  for (const attempt of [row, behind, elsewhere]) {
    const changes = insertRow(into, 'commands', attempt);
    if (changes > 0 || isKnown()) return changes;
  }
  return 0;
}

const insertCarved = (into: Database.Database, wire: WireCommand, hash: string): number =>
  insertCommand(into, {
    id: wire.id,
    ticket_id: wire.ticketId,
    type: wire.type,
    incarnation: wire.incarnation,
    n: wire.n,
    wire: JSON.stringify(wire),
    hash,
    label_code: '',
    label_subject: '',
    created_at: wire.time.deviceAt,
    state: 'waiting',
  });

/**
 * A file goes with its act: one whose row was lost is offered again. The store says which of them it has, and one whose bytes are not here any
 * more is told when it is to be sent.
 */
function uploadAgain(into: Database.Database): void {
  const value = (name: string) => `wire ->> '$.payload.${name}'`;
  into.exec(
    `insert or ignore into uploads (attachment_id, ticket_id, command_id, name, sha256, size, state, added_at)
      select ${value('attachmentId')}, ticket_id, id, ${value('name')}, ${value('sha256')}, ${value('size')}, 'waiting', created_at
      from commands where type = 'addAttachment' and state <> 'refused' and json_valid(wire)
        and ${['attachmentId', 'name', 'sha256', 'size'].map((name) => `${value(name)} is not null`).join(' and ')}`,
  );
}

/** Rows were appended as they were found: whatever stands behind a row of its own chain with a greater n moves in front of it. */
function inOrder(into: Database.Database): void {
  const rows = into
    .prepare<[], { id: string; incarnation: string; n: number }>('select id, incarnation, n from commands order by pos')
    .all();
  const ordered: typeof rows = [];
  const greatest = new Map<string, number>();
  for (const row of rows) {
    if (row.n > (greatest.get(row.incarnation) ?? 0)) ordered.push(row);
    else {
      const at = ordered.findIndex(({ incarnation, n }) => incarnation === row.incarnation && n > row.n);
      ordered.splice(at < 0 ? ordered.length : at, 0, row);
    }
    greatest.set(row.incarnation, Math.max(row.n, greatest.get(row.incarnation) ?? 0));
  }
  if (ordered.every((row, at) => row === rows[at])) return;
  into.exec('update commands set pos = -pos');
  const place = into.prepare('update commands set pos = ? where id = ?');
  ordered.forEach(({ id }, at) => void place.run(at + 1, id));
}

/** For the core: kept until it has made a fresh chain and told the person. */
function note(into: Database.Database, { commands, drafts, lost }: Salvaged): void {
  const before = into.prepare<[], { value: string }>(`select value from settings where key = 'salvaged'`).get();
  const told = salvagedSchema.safeParse(before === undefined ? null : parseJson(before.value));
  const { data } = told;
  const all = {
    commands: commands + (data?.commands ?? 0),
    drafts: drafts + (data?.drafts ?? 0),
    lost: lost + (data?.lost ?? 0),
  };
  into.prepare(`insert or replace into settings (key, value) values ('salvaged', ?)`).run(JSON.stringify(all));
}
const salvagedSchema = z.object({ commands: z.int(), drafts: z.int(), lost: z.int() });

/** The identity must stand where the chain of its incarnation ends, or the next command would take a used place. */
function continueChain(into: Database.Database): void {
  const row = into
    .prepare<[], { incarnation: string; last_n: number }>('select incarnation, last_n from identity')
    .get();
  if (row === undefined) return;
  const last = into
    .prepare<[string], { n: number; hash: string }>(
      'select n, hash from commands where incarnation = ? order by n desc limit 1',
    )
    .get(row.incarnation);
  const end = last ?? { n: 0, hash: CHAIN_START };
  if (end.n > row.last_n) into.prepare('update identity set last_n = ?, last_hash = ?').run(end.n, end.hash);
}
