import type { OutboxCommand, OutboxRow } from '../core/ports/outbox.ts';
import { entryStates } from '../core/ports/outbox.ts';
import { commandHashInput, outcomeSchema, type WireCommand, wireCommandSchema } from '../protocol/sync/command.ts';
import { sha256Hex } from './hasher.ts';

/** A row of `commands` as SQLite gives it. */
export interface CommandRow {
  readonly pos: number;
  readonly id: string;
  readonly ticket_id: string;
  readonly type: string;
  readonly wire: string;
  readonly hash: string;
  readonly label_code: string;
  readonly label_subject: string;
  readonly created_at: number;
  readonly state: string;
  readonly outcome: string | null;
  readonly settled_at: number | null;
  readonly ack_epoch: string | null;
  readonly ack_head: number | null;
  readonly replay_for: string | null;
  readonly former_outcome: string | null;
  readonly dismissed_at: number | null;
  readonly quarantined: number;
}

/** Not answered, or owed to a restored store: in the words of the partial index. */
export const toSendCondition = `(state in ('waiting', 'sending', 'held') or replay_for is not null)`;

export const commandColumns = `pos, id, ticket_id, type, wire, hash, label_code, label_subject, created_at, state, outcome,
  settled_at, ack_epoch, ack_head, replay_for, former_outcome, dismissed_at, quarantined`;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The command as it was written; null for a row in whose content a byte was flipped: that breaks JSON, schema or hash. */
export function soundWire(row: CommandRow): WireCommand | null {
  const wire = wireCommandSchema.safeParse(parseJson(row.wire));
  const sound = wire.success && wire.data.id === row.id && sha256Hex(commandHashInput(wire.data)) === row.hash;
  return sound ? wire.data : null;
}

/** The command of a row, or the row as unreadable: only what hashes to what was written is ever sent. */
export function readCommandRow(row: CommandRow, wireOf = soundWire): OutboxRow {
  const wire = wireOf(row);
  const state = entryStates.find((name) => name === row.state);
  const outcome = row.outcome === null ? null : outcomeSchema.safeParse(parseJson(row.outcome));
  const former = row.former_outcome === null ? null : outcomeSchema.safeParse(parseJson(row.former_outcome));
  const sound = wire !== null && state !== undefined && outcome?.success !== false && former?.success !== false;
  if (!sound) return { kind: 'unreadable', commandId: row.id, text: row.wire, quarantined: row.quarantined === 1 };
  const command: OutboxCommand = {
    wire,
    hash: row.hash,
    label: { code: row.label_code, subject: row.label_subject },
    createdAt: row.created_at,
    state,
    outcome: outcome === null ? null : outcome.data,
    settledAt: row.settled_at,
    ackEpoch: row.ack_epoch,
    ackHead: row.ack_head,
    replayFor: row.replay_for,
    formerOutcome: former === null ? null : former.data,
    dismissedAt: row.dismissed_at,
  };
  return { kind: 'command', ...command };
}
