import type {
  BasePosition,
  Draft,
  Json,
  OutboxCommand,
  OutboxIdentity,
  OutboxPort,
  OutboxRow,
  UnreadableRow,
} from '../../../src/core/ports/outbox.ts';
import { isUnanswered, sameVerdict, withMark } from '../../../src/core/ports/outbox.ts';
import type { StorageFailure } from '../../../src/core/ports/storage-failure.ts';
import { CHAIN_START } from '../../../src/protocol/sync/command.ts';
import type { LogMark } from '../../../src/protocol/sync/messages.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import { cloneFilesDisk, createMemoryFiles, emptyFilesDisk, type FilesDisk } from './memory-files.ts';

type Row =
  | { readonly kind: 'command'; readonly pos: number; readonly command: OutboxCommand }
  | { readonly kind: 'unreadable'; readonly pos: number; readonly text: string };

/** What survives a crash. Values are never changed in place, so they are shared with whoever wrote or reads them. */
export interface OutboxDisk {
  identity: OutboxIdentity | null;
  /** In order of writing. Change them by the outbox, or by `spoilRow`: the sets below follow them. */
  rows: Map<string, Row>;
  /** Ids, in order of writing: not answered, to be answered again, and those of each ticket. */
  open: Set<string>;
  owed: Set<string>;
  byTicket: Map<string, string[]>;
  quarantined: Set<string>;
  answers: Map<string, { readonly answer: Json; readonly at: number }>;
  drafts: Map<string, Draft>;
  files: FilesDisk;
  seen: Map<string, number>;
  seenBaseline: number | null;
  settings: Map<string, Json>;
  ackMarks: readonly LogMark[];
  nextPos: number;
  revision: number;
}
export const emptyOutboxDisk = (): OutboxDisk => ({
  identity: null,
  rows: new Map(),
  open: new Set(),
  owed: new Set(),
  byTicket: new Map(),
  quarantined: new Set(),
  answers: new Map(),
  drafts: new Map(),
  files: emptyFilesDisk(),
  seen: new Map(),
  seenBaseline: null,
  settings: new Map(),
  ackMarks: [],
  nextPos: 1,
  revision: 0,
});
/** The same file on another machine, as an image of a disk makes it. */
export const cloneOutboxDisk = (disk: OutboxDisk): OutboxDisk => ({
  ...disk,
  rows: new Map(disk.rows),
  open: new Set(disk.open),
  owed: new Set(disk.owed),
  byTicket: new Map([...disk.byTicket].map(([ticketId, ids]) => [ticketId, [...ids]])),
  quarantined: new Set(disk.quarantined),
  answers: new Map(disk.answers),
  drafts: new Map(disk.drafts),
  files: cloneFilesDisk(disk.files),
  seen: new Map(disk.seen),
  settings: new Map(disk.settings),
});
/** The commands of a file, those that can be read, in order of writing. */
export const commandsOf = (disk: OutboxDisk): OutboxCommand[] =>
  [...disk.rows.values()].flatMap((row) => (row.kind === 'command' ? [row.command] : []));
/** A flipped bit: the row's text is no command any more. */
export function spoilRow(disk: OutboxDisk, commandId: string, text: string): void {
  const row = disk.rows.get(commandId);
  if (row === undefined) throw new Error('no such row');
  disk.rows.set(commandId, { kind: 'unreadable', pos: row.pos, text });
  if (!disk.owed.has(commandId)) disk.open.add(commandId);
}

/** Called before every write: throws to die there, or names a failure. */
export type WriteGate = (what: string) => StorageFailure | null;

export function createMemoryOutbox(disk: OutboxDisk, gate: WriteGate): OutboxPort {
  const write = (what: string, work: () => void): Result<null, StorageFailure> => {
    const failure = gate(what);
    if (failure !== null) return err(failure);
    work();
    disk.revision += 1;
    return ok(null);
  };
  const commandOf = (id: string): OutboxCommand | null => {
    const row = disk.rows.get(id);
    return row?.kind === 'command' ? row.command : null;
  };
  const { adopt, ...files } = createMemoryFiles(disk.files, write, commandOf);
  const rowOf = (id: string): OutboxRow | null => {
    const row = disk.rows.get(id);
    if (row === undefined) return null;
    return row.kind === 'command'
      ? { kind: 'command', ...row.command }
      : { kind: 'unreadable', commandId: id, text: row.text, quarantined: disk.quarantined.has(id) };
  };
  const put = (command: OutboxCommand) => {
    const { id } = command.wire;
    disk.rows.set(id, { kind: 'command', pos: disk.rows.get(id)?.pos ?? disk.nextPos++, command });
    if (!isUnanswered(command.state)) disk.open.delete(id);
    if (command.replayFor === null) disk.owed.delete(id);
    else disk.owed.add(id);
  };
  const change = (id: string, with_: (command: OutboxCommand) => OutboxCommand) => {
    const command = commandOf(id);
    if (command !== null) put(with_(command));
  };
  const ordered = (ids: Iterable<string>): string[] =>
    [...ids].sort((a, b) => (disk.rows.get(a)?.pos ?? 0) - (disk.rows.get(b)?.pos ?? 0));
  const rowsOf = (ids: Iterable<string>, limit: number): OutboxRow[] => {
    const rows: OutboxRow[] = [];
    for (const id of ids) {
      if (rows.length >= limit) break;
      const row = disk.quarantined.has(id) ? null : rowOf(id);
      if (row !== null) rows.push(row);
    }
    return rows;
  };
  const unreadable = (): UnreadableRow[] =>
    ordered([...disk.open, ...disk.owed]).flatMap((id) => {
      const row = rowOf(id);
      return row?.kind === 'unreadable' ? [row] : [];
    });

  function liveOf(ticketId: string | null, base: BasePosition): OutboxCommand[] {
    const live: OutboxCommand[] = [];
    for (const id of ticketId === null ? disk.rows.keys() : (disk.byTicket.get(ticketId) ?? [])) {
      const command = commandOf(id);
      if (command === null) continue;
      const { state, replayFor, ackEpoch, ackHead } = command;
      const lacking =
        isUnanswered(state) ||
        (replayFor !== null && state !== 'refused') ||
        (base !== null && ackEpoch === base.epoch && ackHead !== null && ackHead > base.cursor);
      if (lacking) live.push(command);
    }
    return live;
  }

  return {
    ...files,
    revision: () => disk.revision,
    identity: () => disk.identity,
    setIdentity: (identity) =>
      write('identity', () => {
        disk.identity = identity;
      }),
    append(input) {
      const { lastN, lastHash } = disk.identity ?? { lastN: 0, lastHash: CHAIN_START };
      const first = input.commands[0];
      if (first !== undefined && (first.wire.n !== lastN + 1 || first.wire.prevHash !== lastHash)) {
        throw new Error('append does not continue the chain');
      }
      return write('append', () => {
        for (const command of input.commands) {
          const { id, ticketId } = command.wire;
          disk.open.add(id);
          const ofTicket = disk.byTicket.get(ticketId);
          if (ofTicket === undefined) disk.byTicket.set(ticketId, [id]);
          else ofTicket.push(id);
          put({
            ...command,
            state: 'waiting',
            outcome: null,
            settledAt: null,
            ackEpoch: null,
            ackHead: null,
            replayFor: null,
            formerOutcome: null,
            dismissedAt: null,
          });
        }
        disk.identity = input.identity;
        adopt(input.uploads ?? []);
        if (input.request !== null) disk.answers.set(input.request.id, input.request);
        const used = input.clearDraft;
        if (used !== null && (disk.drafts.get(used.key)?.version ?? 0) <= used.seenVersion)
          disk.drafts.delete(used.key);
      });
    },
    toSend: (limit) => rowsOf(disk.owed.size === 0 ? disk.open : ordered([...disk.open, ...disk.owed]), limit),
    unanswered: (limit) => rowsOf(disk.open, limit),
    live: liveOf,
    liveBefore(ticketId, base, commandId) {
      const at = disk.rows.get(commandId)?.pos ?? 0;
      return liveOf(ticketId, base).filter(({ wire }) => (disk.rows.get(wire.id)?.pos ?? 0) < at);
    },
    settledTickets: (epoch, after, upTo) => [
      ...new Set(
        commandsOf(disk)
          .filter(
            ({ ackEpoch, ackHead }) => ackEpoch === epoch && ackHead !== null && ackHead > after && ackHead <= upTo,
          )
          .map(({ wire }) => wire.ticketId),
      ),
    ],
    liveTickets: (base) => [...new Set(liveOf(null, base).map(({ wire }) => wire.ticketId))],
    get: commandOf,
    parked: () => commandsOf(disk).filter(({ state, dismissedAt }) => state === 'parked' && dismissedAt === null),
    counts() {
      let refused = 0;
      let parked = 0;
      let setAside = 0;
      for (const command of commandsOf(disk)) {
        if (command.state === 'refused' && (command.ackHead ?? 0) === 0) setAside += 1;
        if (command.dismissedAt !== null) continue;
        if (command.state === 'refused') refused += 1;
        if (command.state === 'parked') parked += 1;
      }
      return { unanswered: disk.open.size, owed: disk.owed.size, refused, parked, setAside };
    },
    unreadable,
    setStates: (ids, state) =>
      write('states', () => {
        for (const id of ids) change(id, (command) => (isUnanswered(command.state) ? { ...command, state } : command));
      }),
    recordOutcomes: (outcomes, mark) =>
      write('outcomes', () => {
        for (const { commandId, ...answer } of outcomes) {
          change(commandId, (command) => {
            if (isUnanswered(command.state)) return { ...command, ...answer };
            const before = command.outcome;
            if (before === null || command.replayFor === null || command.replayFor !== answer.ackEpoch) return command;
            const dismissedAt = sameVerdict(before, answer.outcome) ? command.dismissedAt : null;
            return { ...command, ...answer, formerOutcome: before, replayFor: null, dismissedAt };
          });
        }
        if (mark !== null) disk.ackMarks = withMark(disk.ackMarks, mark);
      }),
    oweReplay(epoch) {
      const fresh = commandsOf(disk).filter(
        ({ state, ackEpoch, replayFor }) =>
          !isUnanswered(state) && ackEpoch !== null && ackEpoch !== epoch && replayFor !== epoch,
      );
      const acquitted = commandsOf(disk).filter(({ ackEpoch, replayFor }) => replayFor !== null && ackEpoch === epoch);
      if (fresh.length === 0 && acquitted.length === 0) return ok({ owed: disk.owed.size });
      const done = write('owe', () => {
        for (const command of acquitted) put({ ...command, replayFor: null });
        for (const command of fresh) put({ ...command, replayFor: epoch });
      });
      return done.ok ? ok({ owed: disk.owed.size }) : done;
    },
    replays(epoch) {
      const counts = { owed: 0, replayed: 0, changed: 0, renumbered: 0 };
      for (const { replayFor, ackEpoch, outcome, formerOutcome } of commandsOf(disk)) {
        if (replayFor === epoch) counts.owed += 1;
        if (replayFor !== null || ackEpoch !== epoch || outcome === null || formerOutcome === null) continue;
        counts.replayed += 1;
        if (!sameVerdict(outcome, formerOutcome)) counts.changed += 1;
        if (outcome.number !== formerOutcome.number) counts.renumbered += 1;
      }
      return counts;
    },
    ackMarks: () => disk.ackMarks,
    keepMark: (mark) =>
      write('mark', () => {
        disk.ackMarks = withMark(disk.ackMarks, mark);
      }),
    relink: (identity, links, quarantine) =>
      write('relink', () => {
        disk.identity = identity;
        for (const link of links) {
          change(link.wire.id, (command) => ({
            ...command,
            ...link,
            state: isUnanswered(command.state) ? 'waiting' : command.state,
          }));
        }
        for (const id of quarantine) disk.quarantined.add(id);
      }),
    dismiss: (id, at) =>
      write('dismiss', () =>
        change(id, (command) =>
          isUnanswered(command.state) ? command : { ...command, dismissedAt: command.dismissedAt ?? at },
        ),
      ),
    answerTo: (requestId) => disk.answers.get(requestId)?.answer ?? null,
    prune: (before) =>
      write('prune', () => {
        for (const [id, { at }] of disk.answers) if (at < before) disk.answers.delete(id);
        for (const { wire, state, outcome, formerOutcome, replayFor, settledAt, dismissedAt } of commandsOf(disk)) {
          if (settledAt === null || settledAt >= before || replayFor !== null || disk.quarantined.has(wire.id))
            continue;
          const shown = outcome !== null && formerOutcome !== null && !sameVerdict(outcome, formerOutcome);
          if (!(dismissedAt === null ? state === 'applied' && !shown : dismissedAt < before)) continue;
          disk.rows.delete(wire.id);
          if (state === 'refused')
            for (const [key, { commandId }] of disk.files.uploads)
              if (commandId === wire.id) disk.files.uploads.delete(key);
          const ids = disk.byTicket.get(wire.ticketId) ?? [];
          disk.byTicket.set(
            wire.ticketId,
            ids.filter((id) => id !== wire.id),
          );
        }
      }),
    drafts: () => [...disk.drafts.values()].sort((a, b) => b.updatedAt - a.updatedAt || (a.key < b.key ? -1 : 1)),
    draft: (key) => disk.drafts.get(key) ?? null,
    saveDraft: (draft) => write('draft', () => void disk.drafts.set(draft.key, draft)),
    discardDraft: (key, attachmentIds = []) =>
      write('draft', () => {
        disk.drafts.delete(key);
        for (const id of attachmentIds) if (disk.files.staged.get(id)?.draftKey === key) disk.files.staged.delete(id);
      }),
    seenVersion: (ticketId) => disk.seen.get(ticketId) ?? null,
    markSeen: (ticketId, version) =>
      write('seen', () => void disk.seen.set(ticketId, Math.max(version, disk.seen.get(ticketId) ?? 0))),
    seenMarks: () => [...disk.seen].map(([ticketId, version]) => ({ ticketId, version })),
    lowerSeen: (marks) =>
      write('seen', () => {
        for (const { ticketId, version } of marks) {
          const before = disk.seen.get(ticketId);
          if (before === undefined) continue;
          if (version === null) disk.seen.delete(ticketId);
          else disk.seen.set(ticketId, Math.min(before, version));
        }
      }),
    seenBaseline: () => disk.seenBaseline,
    setSeenBaseline: (at) =>
      write('seen', () => {
        disk.seenBaseline = Math.max(at, disk.seenBaseline ?? 0);
      }),
    setting: (key) => disk.settings.get(key) ?? null,
    setSetting: (key, value) =>
      write('setting', () => void (value === null ? disk.settings.delete(key) : disk.settings.set(key, value))),
  };
}
