import type {
  AppendInput,
  Draft,
  Json,
  OutboxCommand,
  OutboxIdentity,
  OutboxPort,
  OutboxRow,
  UnreadableRow,
} from '../../../src/core/ports/outbox.ts';
import { isUnanswered } from '../../../src/core/ports/outbox.ts';
import type { StorageFailure } from '../../../src/core/ports/storage-failure.ts';
import { CHAIN_START } from '../../../src/protocol/sync/command.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';

/** What survives a crash. Rows are kept as text, so that nothing is shared with whoever wrote them. */
export interface OutboxDisk {
  identity: OutboxIdentity | null;
  /** commandId → text of an OutboxCommand, in order of writing; text that is no JSON is an unreadable row. */
  rows: Map<string, string>;
  quarantined: Set<string>;
  answers: Map<string, string>;
  drafts: Map<string, string>;
  seen: Map<string, number>;
  seenBaseline: number | null;
  settings: Map<string, string>;
}
export const emptyOutboxDisk = (): OutboxDisk => ({
  identity: null,
  rows: new Map(),
  quarantined: new Set(),
  answers: new Map(),
  drafts: new Map(),
  seen: new Map(),
  seenBaseline: null,
  settings: new Map(),
});

/** Called before every write: throws to die there, or names a failure. */
export type WriteGate = (what: string) => StorageFailure | null;

export function createMemoryOutbox(disk: OutboxDisk, gate: WriteGate): OutboxPort {
  let revision = 0;
  const write = (what: string, work: () => void): Result<null, StorageFailure> => {
    const failure = gate(what);
    if (failure !== null) return err(failure);
    work();
    revision += 1;
    return ok(null);
  };
  const read = (commandId: string, text: string): OutboxRow => {
    try {
      return { kind: 'command', ...(JSON.parse(text) as OutboxCommand) };
    } catch {
      return { kind: 'unreadable', commandId, text, quarantined: disk.quarantined.has(commandId) };
    }
  };
  const all = (): OutboxRow[] => [...disk.rows].map(([id, text]) => read(id, text));
  const commands = (): OutboxCommand[] =>
    all().flatMap((row) => {
      if (row.kind === 'unreadable') return [];
      const { kind: _, ...command } = row;
      return [command];
    });
  const put = (command: OutboxCommand) => void disk.rows.set(command.wire.id, JSON.stringify(command));
  const unreadable = () => all().filter((row): row is UnreadableRow => row.kind === 'unreadable');
  const change = (commandId: string, with_: (command: OutboxCommand) => OutboxCommand) => {
    const command = commands().find((candidate) => candidate.wire.id === commandId);
    if (command !== undefined) put(with_(command));
  };

  return {
    revision: () => revision,
    identity: () => disk.identity,
    setIdentity: (identity) =>
      write('identity', () => {
        disk.identity = identity;
      }),
    append(input: AppendInput) {
      const { lastN, lastHash } = disk.identity ?? { lastN: 0, lastHash: CHAIN_START };
      const first = input.commands[0];
      if (first !== undefined && (first.wire.n !== lastN + 1 || first.wire.prevHash !== lastHash)) {
        throw new Error('append does not continue the chain');
      }
      return write('append', () => {
        for (const command of input.commands) {
          put({
            ...command,
            state: 'waiting',
            outcome: null,
            settledAt: null,
            ackEpoch: null,
            ackHead: null,
            dismissedAt: null,
          });
        }
        disk.identity = input.identity;
        if (input.request !== null) disk.answers.set(input.request.id, JSON.stringify(input.request));
        if (input.clearDraft !== null) disk.drafts.delete(input.clearDraft);
      });
    },
    unanswered: (limit) =>
      all()
        .filter((row) => (row.kind === 'unreadable' ? !row.quarantined : isUnanswered(row.state)))
        .slice(0, limit),
    live: (ticketId, base) =>
      commands().filter(
        (command) =>
          (ticketId === null || command.wire.ticketId === ticketId) &&
          (isUnanswered(command.state) ||
            (base !== null && command.ackEpoch === base.epoch && (command.ackHead ?? 0) > base.cursor)),
      ),
    get: (commandId) => commands().find((command) => command.wire.id === commandId) ?? null,
    counts: () => ({
      unanswered: commands().filter((command) => isUnanswered(command.state)).length + unreadable().length,
      refused: commands().filter((command) => command.state === 'refused' && command.dismissedAt === null).length,
    }),
    unreadable,
    setStates: (ids, state) =>
      write('states', () => {
        for (const id of ids) change(id, (command) => (isUnanswered(command.state) ? { ...command, state } : command));
      }),
    recordOutcomes: (outcomes) =>
      write('outcomes', () => {
        for (const { commandId, ...answer } of outcomes) {
          change(commandId, (command) => (isUnanswered(command.state) ? { ...command, ...answer } : command));
        }
      }),
    relink: (identity, links, quarantine) =>
      write('relink', () => {
        disk.identity = identity;
        for (const link of links) change(link.wire.id, (command) => ({ ...command, ...link, state: 'waiting' }));
        for (const id of quarantine) disk.quarantined.add(id);
      }),
    dismiss: (id, at) =>
      write('dismiss', () => change(id, (command) => ({ ...command, dismissedAt: command.dismissedAt ?? at }))),
    answerTo(requestId) {
      const text = disk.answers.get(requestId);
      return text === undefined ? null : (JSON.parse(text) as { answer: Json }).answer;
    },
    prune: (before) =>
      write('prune', () => {
        for (const command of commands()) {
          const done = command.state === 'applied' || command.dismissedAt !== null;
          if (done && command.settledAt !== null && command.settledAt < before) disk.rows.delete(command.wire.id);
        }
      }),
    drafts: () => [...disk.drafts.values()].map((text) => JSON.parse(text) as Draft),
    draft: (key) => (disk.drafts.has(key) ? (JSON.parse(disk.drafts.get(key) ?? '') as Draft) : null),
    saveDraft: (draft) => write('draft', () => void disk.drafts.set(draft.key, JSON.stringify(draft))),
    discardDraft: (key) => write('draft', () => void disk.drafts.delete(key)),
    seenVersion: (ticketId) => disk.seen.get(ticketId) ?? null,
    markSeen: (ticketId, version) =>
      write('seen', () => void disk.seen.set(ticketId, Math.max(version, disk.seen.get(ticketId) ?? 0))),
    seenBaseline: () => disk.seenBaseline,
    setSeenBaseline: (at) =>
      write('seen', () => {
        disk.seenBaseline = at;
      }),
    setting: (key) => (disk.settings.has(key) ? (JSON.parse(disk.settings.get(key) ?? 'null') as Json) : null),
    setSetting: (key, value) =>
      write(
        'setting',
        () => void (value === null ? disk.settings.delete(key) : disk.settings.set(key, JSON.stringify(value))),
      ),
  };
}
