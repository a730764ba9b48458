import { z } from 'zod';
import { type EntryState, type OutboxCommand, sameVerdict } from '../../core/ports/outbox.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import type { OutboxItem } from '../../protocol/console/rows.ts';
import { type CommandRow, commandColumns, readCommandRow, toSendCondition } from '../outbox-row.ts';
import type { QueryContext } from './context.ts';

const refusalSchema = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });

/** Refusal by which the local rebase doubts a command; null when it does not. */
export function doubtOf({ statement }: QueryContext, commandId: string): OutboxItem['doubt'] {
  const row = statement<{ refusal: string }>('select refusal from doubts where command_id = ?').get(commandId);
  return row === undefined ? null : refusalSchema.parse(JSON.parse(row.refusal));
}

/** Items as the panel shows them, oldest first; what is owed waits again, under its former verdict. A row that cannot be read any more shows its raw text, as held. */
export function outboxItems(context: QueryContext, where: string, ...binds: string[]): OutboxItem[] {
  const rows = context.statement<CommandRow>(
    `select ${commandColumns} from outbox.commands where ${where} order by pos`,
  );
  const shown = context.statement<{ number: string | null; code: string; subject: string }>(
    `select d.doc ->> '$.number' as number, d.doc ->> '$.provisionalCode' as code, d.doc ->> '$.subject' as subject
      from ids i join ticket_docs d on d.ref = i.ref where i.id = ?`,
  );
  return rows.all(...binds).map((row) => {
    const read = readCommandRow(row);
    const ticket = shown.get(row.ticket_id);
    const label = {
      ticketCode: ticket?.number ?? ticket?.code ?? row.label_code,
      ticketSubject: ticket?.subject ?? row.label_subject,
    };
    const common = { commandId: row.id, ticketId: row.ticket_id, ...label, type: row.type, createdAt: row.created_at };
    if (read.kind === 'unreadable') {
      return {
        ...common,
        payload: row.wire,
        state: 'held',
        verdict: null,
        settledAt: null,
        formerVerdict: null,
        doubt: null,
      };
    }
    const doubt = doubtOf(context, row.id);
    return {
      ...common,
      payload: z.json().parse(read.wire.payload ?? null),
      state: read.replayFor === null ? context.rules.itemState(read.state, doubt !== null) : 'waiting',
      verdict: read.outcome?.verdict ?? null,
      settledAt: read.settledAt,
      formerVerdict: changed(read) ? (read.formerOutcome?.verdict ?? null) : null,
      doubt,
    };
  });
}

const changed = ({ outcome, formerOutcome }: OutboxCommand): boolean =>
  outcome !== null && formerOutcome !== null && !sameVerdict(outcome, formerOutcome);

/**
 * What waits, what is owed to a restored store, and what was merged, parked or refused, or got another verdict than before a restore,
 * and is not yet taken off the panel. In the order of writing: a device's clock orders nothing.
 */
export function outboxList(context: QueryContext): ConsoleResult<'outbox.list'> {
  const revision = context.statement<{ revision: number }>('select revision from outbox.state').get()?.revision ?? 0;
  const items = outboxItems(
    context,
    `${toSendCondition} or (dismissed_at is null and (
      state in ('merged', 'parked', 'refused') or former_outcome -> '$.verdict' <> outcome -> '$.verdict'))`,
  );
  return { items, revision };
}

/** State of every command by id, for the marks of a timeline: what is owed waits. */
export function commandStates({ statement }: QueryContext, ticketId: string): Map<string, EntryState> {
  const rows = statement<{ id: string; state: EntryState }>(
    `select id, case when replay_for is null then state else 'waiting' end as state
      from outbox.commands where ticket_id = ?`,
  );
  return new Map(rows.all(ticketId).map(({ id, state }) => [id, state]));
}
