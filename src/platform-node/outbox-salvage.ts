import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
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
const tables = ['state', 'identity', 'commands', 'requests', 'drafts', 'seen', 'settings'] as const;
type Row = Record<string, string | number | null>;

/**
 * Copies what can be read of a damaged outbox into a new one: first row by row in both directions, then, from the raw
 * bytes of file and log, commands that no page leads to any more. Commands found raw count as unanswered: the store
 * knows an id that it has seen.
 */
export function salvage(damagedPath: string, into: Database.Database): Salvaged {
  const found = { commands: 0, drafts: 0, lost: 0 };
  copyRows(damagedPath, into, found);
  for (const path of [damagedPath, `${damagedPath}-wal`]) {
    for (const wire of commandsIn(path)) found.commands += insertCarved(into, wire);
  }
  continueChain(into);
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
      const rows = new Map<string, Row>();
      // The same rows from both ends: a broken page in the middle stops each walk at its own side.
      for (const direction of ['asc', 'desc'] as const) {
        if (!walk(damaged, table, direction, rows) && direction === 'desc') found.lost += 1;
      }
      for (const row of rows.values()) {
        const names = Object.keys(row);
        const sql = `insert or ignore into ${table} (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`;
        if (table === 'state') {
          const state = { ack_mark: null, ...row };
          into
            .prepare('update state set revision = @revision, seen_baseline = @seen_baseline, ack_mark = @ack_mark')
            .run(state);
          continue;
        }
        try {
          const { changes } = into.prepare(sql).run(row);
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

/** Reads until the end or until a page breaks; false when it broke. */
function walk(db: Database.Database, table: string, direction: 'asc' | 'desc', rows: Map<string, Row>): boolean {
  const key =
    table === 'commands'
      ? 'pos'
      : table === 'drafts' || table === 'settings'
        ? 'key'
        : table === 'seen'
          ? 'ticket_id'
          : table === 'requests'
            ? 'id'
            : 'one';
  try {
    const statement = db.prepare<[], Row>(`select * from ${table} order by ${key} ${direction}`);
    for (const row of statement.iterate()) rows.set(String(row[key]), row);
    return true;
  } catch {
    return false;
  }
}

function* commandsIn(path: string): Generator<WireCommand> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return;
  }
  for (const text of carveObjects(bytes, '{"id":"')) {
    const wire = wireCommandSchema.safeParse(parseJson(text));
    if (wire.success) yield wire.data;
  }
}

function insertCarved(into: Database.Database, wire: WireCommand): number {
  const known = into.prepare<[string], { found: number }>(
    'select exists (select 1 from commands where id = ?) as found',
  );
  if (known.get(wire.id)?.found === 1) return 0;
  return into
    .prepare(
      `insert or ignore into commands (id, ticket_id, type, incarnation, n, wire, hash, label_code, label_subject,
        created_at, state) values (?, ?, ?, ?, ?, ?, ?, '', '', ?, 'waiting')`,
    )
    .run(
      wire.id,
      wire.ticketId,
      wire.type,
      wire.incarnation,
      wire.n,
      JSON.stringify(wire),
      sha256Hex(commandHashInput(wire)),
      wire.time.deviceAt,
    ).changes;
}

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
