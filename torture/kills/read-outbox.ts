import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { sha256Hex } from '../../src/platform-node/hasher.ts';
import { type CommandRow, commandColumns, readCommandRow } from '../../src/platform-node/outbox-row.ts';
import { commandHashInput } from '../../src/protocol/sync/command.ts';

/** A command as the file holds it. Of the text the first line; unreadable ones have none. */
export interface HeldCommand {
  readonly pos: number;
  readonly id: string;
  readonly ticketId: string;
  readonly incarnation: string;
  readonly n: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly text: string | null;
  readonly state: string;
  readonly outcome: string | null;
}
export interface HeldOutbox {
  readonly commands: readonly HeldCommand[];
  /** Where its next command goes on; null: not known (any more). */
  readonly end: { readonly lastN: number; readonly lastHash: string } | null;
  /** Rows in all, and ids in all. */
  readonly rows: number;
  readonly ids: number;
}

const endSchema = z
  .object({ last_n: z.int(), last_hash: z.string() })
  .transform((row) => ({ lastN: row.last_n, lastHash: row.last_hash }));
const countSchema = z.object({ rows: z.int(), ids: z.int() });
const textSchema = z.union([
  z.object({ text: z.string() }).transform(({ text }) => text),
  z.object({ subject: z.string() }).transform(({ subject }) => subject),
]);

/** What lies in an outbox behind a place, read from outside in one moment. */
export function readOutbox(path: string, afterPos: number): HeldOutbox {
  const db = new Sqlite(path, { readonly: true, timeout: 5_000 });
  try {
    return db.transaction(() => {
      const end = endSchema.nullable().parse(db.prepare('select * from identity').get() ?? null);
      const counted = countSchema.parse(
        db.prepare('select count(*) as rows, count(distinct id) as ids from commands').get(),
      );
      const rows = db
        .prepare<[number], CommandRow>(`select ${commandColumns} from commands where pos > ? order by pos`)
        .all(afterPos);
      return { commands: rows.map(held), end, ...counted };
    })();
  } finally {
    db.close();
  }
}

function held(row: CommandRow): HeldCommand {
  const rest = { pos: row.pos, id: row.id, ticketId: row.ticket_id, state: row.state, outcome: row.outcome };
  const read = readCommandRow(row);
  if (read.kind === 'unreadable') return { ...rest, incarnation: '', n: -1, prevHash: '', hash: row.hash, text: null };
  const { incarnation, n, prevHash, payload } = read.wire;
  const text = textSchema.safeParse(payload);
  const hash = sha256Hex(commandHashInput(read.wire));
  return { ...rest, incarnation, n, prevHash, hash, text: text.success ? (text.data.split('\n', 1)[0] ?? '') : '' };
}
