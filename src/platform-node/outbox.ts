import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import {
  type BasePosition,
  type Json,
  type OutboxCommand,
  type OutboxCounts,
  type OutboxIdentity,
  type OutboxPort,
  type OutboxRow,
  type ReplayCounts,
  sameVerdict,
  type UnreadableRow,
  withMark,
} from '../core/ports/outbox.ts';
import { type LogMark, logMarkSchema } from '../protocol/sync/messages.ts';
import { assert } from '../shared/assert.ts';
import { ok } from '../shared/result.ts';
import { createOutboxFiles } from './outbox-files.ts';
import { createOutboxNotes } from './outbox-notes.ts';
import { type CommandRow, commandColumns, parseJson, readCommandRow, toSendCondition } from './outbox-row.ts';
import { createWireShelf } from './outbox-wires.ts';
import { createOutboxWriter } from './outbox-writer.ts';

const unanswered = `state in ('waiting', 'sending', 'held')`;
const toSend = toSendCondition;
/** What the base lacks, whatever it holds; a refused one never had an effect, owed or not. */
const pending = `${toSend} and state <> 'refused'`;
/** Settled before `@before`, and nobody asks for it any more. */
const prunable = `not ${toSend} and quarantined = 0 and settled_at < @before and (dismissed_at < @before
  or (dismissed_at is null and state = 'applied'
    and coalesce(former_outcome -> '$.verdict', outcome -> '$.verdict') = outcome -> '$.verdict'))`;
const undismissed = (state: 'refused' | 'parked') =>
  `(select count(*) from commands where state = '${state}' and dismissed_at is null)`;
/** An epoch that no acknowledgement carries stands for "no base": then only the unanswered are live. */
const placeOf = (base: BasePosition) => ({ epoch: base?.epoch ?? '', cursor: base?.cursor ?? 0 });
/** Marks that cannot be read prove nothing. */
const ackMarksSchema = z.array(logMarkSchema).catch([]);
const isCommand = (row: OutboxRow): row is { readonly kind: 'command' } & OutboxCommand => row.kind === 'command';

/** `OutboxPort` over an open, migrated file. Statements are prepared once. */
export function createOutbox(db: Database): OutboxPort {
  const write = createOutboxWriter(db);
  const { adopt, ...files } = createOutboxFiles(db, write);
  const wireOf = createWireShelf();
  const read = (row: CommandRow) => readCommandRow(row, wireOf);
  const select = (rest: string) =>
    db.prepare<unknown[], CommandRow>(`select ${commandColumns} from commands where ${rest}`);
  const sql = {
    identity: db.prepare<[], IdentityRow>('select * from identity'),
    putIdentity: db.prepare(
      `insert into identity values (1, ?, ?, ?, ?, ?, ?) on conflict (one) do update set device_id = excluded.device_id,
        device_prefix = excluded.device_prefix, incarnation = excluded.incarnation, last_n = excluded.last_n,
        last_hash = excluded.last_hash, provisional_counter = excluded.provisional_counter`,
    ),
    insert: db.prepare(
      `insert into commands (id, ticket_id, type, incarnation, n, wire, hash, label_code, label_subject, created_at, state)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    ),
    request: db.prepare('insert into requests (id, answer, at) values (?, ?, ?)'),
    answer: db.prepare<[string], { answer: string }>('select answer from requests where id = ?'),
    unanswered: select(`${unanswered} and quarantined = 0 order by pos limit ?`),
    toSend: select(`${toSend} and quarantined = 0 order by pos limit ?`),
    everyToSend: select(`${toSend} order by pos`),
    // Two searches by index: of a file of 45 days a scan would be felt at every page of a fill.
    live: select(
      `pos in (select pos from commands where ${pending} union
        select pos from commands where ack_head is not null and ack_epoch = @epoch and ack_head > @cursor) order by pos`,
    ),
    liveTickets: db
      .prepare<{ epoch: string; cursor: number }, string>(
        `select ticket_id from commands where ${pending} union
          select ticket_id from commands where ack_head is not null and ack_epoch = @epoch and ack_head > @cursor`,
      )
      .pluck(),
    settledTickets: db
      .prepare<{ epoch: string; after: number; upTo: number }, string>(
        `select distinct ticket_id from commands
          where ack_head is not null and ack_epoch = @epoch and ack_head > @after and ack_head <= @upTo`,
      )
      .pluck(),
    liveOfTicket: select(
      `ticket_id = @ticketId and ((${pending}) or (ack_epoch = @epoch and ack_head > @cursor)) order by pos`,
    ),
    liveBefore: select(
      `ticket_id = @ticketId and ((${pending}) or (ack_epoch = @epoch and ack_head > @cursor))
        and pos < (select pos from commands where id = @commandId) order by pos`,
    ),
    // The states of the index that holds what was not dismissed, then the one.
    parked: select(
      `state in ('merged', 'parked', 'refused') and dismissed_at is null and state = 'parked' order by pos`,
    ),
    ofOtherEpoch: select(
      `not (${unanswered}) and ack_epoch <> @epoch and coalesce(replay_for, '') <> @epoch order by pos`,
    ),
    replays: db.prepare<[{ epoch: string }], ReplayCounts>(
      `select (select count(*) from commands where replay_for = @epoch) as owed, count(*) as replayed,
        count(*) filter (where former_outcome -> '$.verdict' <> outcome -> '$.verdict') as changed,
        count(*) filter (where former_outcome -> '$.number' <> outcome -> '$.number') as renumbered
        from commands where former_outcome is not null and replay_for is null and ack_epoch = @epoch`,
    ),
    answeredHere: db.prepare<[{ epoch: string }], { found: number }>(
      'select exists (select 1 from commands where replay_for is not null and ack_epoch = @epoch) as found',
    ),
    acquit: db.prepare('update commands set replay_for = null where replay_for is not null and ack_epoch = @epoch'),
    owe: db.prepare('update commands set replay_for = ? where id = ?'),
    ackMark: db.prepare<[], { ack_mark: string | null }>('select ack_mark from state'),
    putAckMark: db.prepare('update state set ack_mark = ?'),
    byId: select('id = ?'),
    counts: db.prepare<[], OutboxCounts>(
      `select (select count(*) from commands where ${unanswered}) as unanswered,
        (select count(*) from commands where replay_for is not null) as owed,
        ${undismissed('refused')} as refused, ${undismissed('parked')} as parked,
        (select count(*) from commands where state = 'refused' and coalesce(ack_head, 0) = 0) as setAside`,
    ),
    setState: db.prepare(`update commands set state = ? where id = ? and ${unanswered}`),
    settle: db.prepare(
      `update commands set state = ?, outcome = ?, settled_at = ?, ack_epoch = ?, ack_head = ? where id = ? and ${unanswered}`,
    ),
    settleAgain: db.prepare(
      `update commands set state = ?, former_outcome = outcome, outcome = ?, settled_at = ?, ack_epoch = ?, ack_head = ?,
        replay_for = null, dismissed_at = ? where id = ?`,
    ),
    relink: db.prepare(
      `update commands set incarnation = ?, n = ?, wire = ?, hash = ?,
        state = case when ${unanswered} then 'waiting' else state end where id = ?`,
    ),
    quarantine: db.prepare('update commands set quarantined = 1 where id = ?'),
    dismiss: db.prepare(
      `update commands set dismissed_at = ? where id = ? and not (${unanswered}) and dismissed_at is null`,
    ),
    pruneRefusedFiles: db.prepare(
      `delete from uploads where command_id in (select id from commands where ${prunable} and state = 'refused')`,
    ),
    pruneCommands: db.prepare(`delete from commands where ${prunable}`),
    pruneRequests: db.prepare('delete from requests where at < ?'),
    clearDraft: db.prepare('delete from drafts where key = ? and version <= ?'),
    revision: db.prepare<[], { revision: number }>('select revision from state'),
  };
  const putIdentity = (i: OutboxIdentity) =>
    sql.putIdentity.run(i.deviceId, i.devicePrefix, i.incarnation, i.lastN, i.lastHash, i.provisionalCounter);
  const identity = (): OutboxIdentity | null => {
    const row = sql.identity.get();
    return row === undefined ? null : readIdentity(row);
  };
  const unreadable = (): UnreadableRow[] =>
    sql.everyToSend
      .all()
      .map(read)
      .filter((row) => row.kind === 'unreadable');

  const get = (commandId: string): OutboxCommand | null => {
    const row = sql.byId.get(commandId);
    const found = row === undefined ? null : read(row);
    return found !== null && isCommand(found) ? found : null;
  };
  const ackMarks = (): readonly LogMark[] => ackMarksSchema.parse(parseJson(sql.ackMark.get()?.ack_mark ?? '[]'));
  const putMark = (mark: LogMark): void => {
    const before = ackMarks();
    const marks = withMark(before, mark);
    if (marks !== before) sql.putAckMark.run(JSON.stringify(marks));
  };

  return {
    revision: () => sql.revision.get()?.revision ?? 0,
    identity,
    setIdentity: (next) => write(() => void putIdentity(next)),

    append: (input) =>
      write(
        () => {
          const before = identity();
          assert(before !== null, 'a command needs an identity');
          let { incarnation, lastN, lastHash } = before;
          for (const { wire, hash, label, createdAt } of input.commands) {
            const follows = wire.incarnation === incarnation && wire.n === lastN + 1 && wire.prevHash === lastHash;
            assert(follows, 'a command continues the stored chain');
            sql.insert.run(
              wire.id,
              wire.ticketId,
              wire.type,
              wire.incarnation,
              wire.n,
              JSON.stringify(wire),
              hash,
              label.code,
              label.subject,
              createdAt,
            );
            lastN = wire.n;
            lastHash = hash;
            incarnation = wire.incarnation;
          }
          const chained = input.identity.lastN === lastN && input.identity.lastHash === lastHash;
          assert(chained && input.identity.incarnation === incarnation, 'the identity ends where the chain ends');
          putIdentity(input.identity);
          adopt(input.uploads ?? []);
          if (input.request !== null) {
            sql.request.run(input.request.id, JSON.stringify(input.request.answer), input.request.at);
          }
          if (input.clearDraft !== null) sql.clearDraft.run(input.clearDraft.key, input.clearDraft.seenVersion);
        },
        { settleFile: true },
      ),
    toSend: (limit) => sql.toSend.all(limit).map(read),
    unanswered: (limit) => sql.unanswered.all(limit).map(read),
    live(ticketId, base) {
      const at = placeOf(base);
      const rows = ticketId === null ? sql.live.all(at) : sql.liveOfTicket.all({ ...at, ticketId });
      return rows.map(read).filter(isCommand);
    },
    liveBefore: (ticketId, base, commandId) =>
      sql.liveBefore
        .all({ ...placeOf(base), ticketId, commandId })
        .map(read)
        .filter(isCommand),
    liveTickets: (base) => sql.liveTickets.all(placeOf(base)),
    settledTickets: (epoch, after, upTo) => sql.settledTickets.all({ epoch, after, upTo }),
    get,
    parked: () => sql.parked.all().map(read).filter(isCommand),
    counts: () => sql.counts.get() ?? { unanswered: 0, owed: 0, refused: 0, parked: 0, setAside: 0 },
    unreadable,

    setStates: (ids, state) =>
      write(() => {
        for (const id of ids) sql.setState.run(state, id);
      }),
    recordOutcomes: (outcomes, mark) =>
      write(
        () => {
          for (const { commandId, state, outcome, settledAt, ackEpoch, ackHead } of outcomes) {
            const text = JSON.stringify(outcome);
            if (sql.settle.run(state, text, settledAt, ackEpoch, ackHead, commandId).changes > 0) continue;
            const held = get(commandId);
            if (held === null || held.outcome === null || held.replayFor === null) continue;
            if (held.replayFor !== ackEpoch) continue;
            const dismissedAt = sameVerdict(held.outcome, outcome) ? held.dismissedAt : null;
            sql.settleAgain.run(state, text, settledAt, ackEpoch, ackHead, dismissedAt, commandId);
          }
          if (mark !== null) putMark(mark);
        },
        { settleFile: true, saidAgain: true },
      ),
    oweReplay(epoch) {
      const owed = () => sql.counts.get()?.owed ?? 0;
      const rows = sql.ofOtherEpoch.all({ epoch }).map(read).filter(isCommand);
      const acquitted = sql.answeredHere.get({ epoch })?.found === 1;
      if (rows.length === 0 && !acquitted) return ok({ owed: owed() });
      const done = write(() => {
        sql.acquit.run({ epoch });
        for (const { wire } of rows) sql.owe.run(epoch, wire.id);
      });
      return done.ok ? ok({ owed: owed() }) : done;
    },
    replays: (epoch) => sql.replays.get({ epoch }) ?? { owed: 0, replayed: 0, changed: 0, renumbered: 0 },
    ackMarks,
    keepMark: (mark) => write(() => putMark(mark)),
    relink: (next, commands, quarantine) =>
      write(() => {
        for (const id of quarantine) sql.quarantine.run(id);
        for (const { wire, hash } of commands) {
          const { changes } = sql.relink.run(wire.incarnation, wire.n, JSON.stringify(wire), hash, wire.id);
          assert(changes === 1, 'a relinked command is in the outbox');
        }
        putIdentity(next);
      }),
    dismiss: (commandId, at) => write(() => void sql.dismiss.run(at, commandId)),
    answerTo(requestId) {
      const row = sql.answer.get(requestId);
      return row === undefined ? null : (JSON.parse(row.answer) as Json);
    },
    prune: (before) =>
      write(() => {
        // Order: an upload without its command counts as one of an answered act, and would go to the store.
        sql.pruneRefusedFiles.run({ before });
        sql.pruneCommands.run({ before });
        sql.pruneRequests.run(before);
      }),
    ...createOutboxNotes(db, write),
    ...files,
  };
}

interface IdentityRow {
  readonly device_id: string;
  readonly device_prefix: string;
  readonly incarnation: string;
  readonly last_n: number;
  readonly last_hash: string;
  readonly provisional_counter: number;
}
const readIdentity = (row: IdentityRow): OutboxIdentity => ({
  deviceId: row.device_id,
  devicePrefix: row.device_prefix,
  incarnation: row.incarnation,
  lastN: row.last_n,
  lastHash: row.last_hash,
  provisionalCounter: row.provisional_counter,
});
