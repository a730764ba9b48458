import { createHash } from 'node:crypto';
import type { PokeListener, PullPart, StoreRow } from '../../../src/core/ports/store-client.ts';
import { deriveTimes, mendedTime, type SenderClock } from '../../../src/domain/act-times.ts';
import { defaultDeskSettings } from '../../../src/domain/desk-settings.ts';
import type { DirectoryEntity } from '../../../src/domain/directory.ts';
import type { TimelineEntry } from '../../../src/domain/events.ts';
import { officialNumber } from '../../../src/domain/numbering.ts';
import { parseCommand } from '../../../src/domain/parse-command.ts';
import type { Actor } from '../../../src/domain/permissions.ts';
import { runCommand } from '../../../src/domain/run-command.ts';
import { inScope, scopeKeysOf } from '../../../src/domain/scope.ts';
import type { Ticket } from '../../../src/domain/ticket.ts';
import type { SessionInfo } from '../../../src/protocol/sync/auth.ts';
import { CHAIN_START, commandHashInput, type Outcome, type WireCommand } from '../../../src/protocol/sync/command.ts';
import type { LogMark, PokeFrame, PushResponse } from '../../../src/protocol/sync/messages.ts';
import { directory, ids, uuid } from '../world.ts';
import { type BlobShelf, emptyBlobShelf } from './memory-blob-client.ts';

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One store transaction. Rows as they were then: a later page may be ahead of it, so a console must gate by version. */
interface LoggedTransaction {
  readonly seq: number;
  readonly rows: readonly StoreRow[];
  /** The ticket before, for who loses it. */
  readonly before: Ticket | null;
}

/** The sync protocol over the real domain, in memory: commit-order log, dedupe by command id, chains, scopes, epochs. */
export interface MemoryStore {
  epoch: string;
  restoredAt: number | null;
  /** The state as it is now; calling the answer brings it back under a new epoch. */
  backup(): (epoch: string) => void;
  /** Type of command that this store is too old for. */
  tooOldFor: string | null;
  readonly log: LoggedTransaction[];
  /** Files of attachments; a backup does not take them along. */
  readonly blobs: BlobShelf;
  readonly tickets: Map<string, Ticket>;
  readonly entries: Map<string, TimelineEntry[]>;
  readonly outcomes: Map<string, string>;
  /** Order in which effects were written, for SY3. */
  readonly effects: { commandId: string; deviceId: string }[];
  head(): number;
  /** What a poke tells. */
  place(): PokeFrame;
  logHash(seq: number): string;
  mark(seq: number): LogMark;
  lastN(incarnation: string): { lastN: number; lastHash: string };
  push(
    actor: Actor,
    commands: readonly WireCommand[],
    sender?: SenderClock,
  ): PushResponse | { fork: { lastN: number; lastHash: string } };
  pull(session: SessionInfo, cursor: number, limit: number): PullPart[];
  snapshotRows(session: SessionInfo, entity: string): StoreRow[];
  /** Tickets that the desk's window leaves out of consoles while they are closed. */
  readonly outside: Set<string>;
  /** In scope, window or not. */
  reachable(session: SessionInfo): Ticket[];
  entriesOf(ticketId: string): StoreRow[];
  /** An act of somebody else, straight at the store. */
  act(actor: Actor, ticketId: string, type: string, payload: unknown): Outcome;
  readonly listeners: Set<PokeListener>;
}

export function createMemoryStore(now: () => number): MemoryStore {
  const chains = new Map<string, { lastN: number; lastHash: string }>();
  const directoryRows = seedDirectory();
  let foreign = 0;

  const store: MemoryStore = {
    blobs: emptyBlobShelf(),
    epoch: uuid(900),
    restoredAt: null,
    tooOldFor: null,
    log: [],
    tickets: new Map(),
    entries: new Map(),
    outcomes: new Map(),
    effects: [],
    listeners: new Set(),
    outside: new Set(),
    head: () => store.log.length,
    place: () => ({ head: store.head(), hash: store.logHash(store.head()), epoch: store.epoch }),
    logHash: (seq) => sha256Hex(`${store.epoch}:${seq}:${JSON.stringify(store.log[seq - 1]?.rows ?? null)}`),
    mark: (seq) => ({
      epoch: store.epoch,
      seq,
      hash: store.logHash(seq),
      seal: sealOf(store.epoch, seq, store.logHash(seq)),
    }),
    lastN: (incarnation) => chains.get(incarnation) ?? { lastN: 0, lastHash: CHAIN_START },

    backup() {
      const kept = {
        log: [...store.log],
        tickets: new Map(store.tickets),
        entries: new Map(store.entries),
        outcomes: new Map(store.outcomes),
        effects: [...store.effects],
        chains: new Map(chains),
      };
      return (epoch) => {
        for (const name of ['tickets', 'entries', 'outcomes'] as const) store[name].clear();
        for (const [id, ticket] of kept.tickets) store.tickets.set(id, ticket);
        for (const [id, entries] of kept.entries) store.entries.set(id, entries);
        for (const [id, outcome] of kept.outcomes) store.outcomes.set(id, outcome);
        chains.clear();
        for (const [incarnation, end] of kept.chains) chains.set(incarnation, end);
        store.log.splice(0, store.log.length, ...kept.log);
        store.effects.splice(0, store.effects.length, ...kept.effects);
        store.epoch = epoch;
        store.restoredAt = now();
        announce();
      };
    },

    push(actor, commands, sender) {
      const results: PushResponse['results'] = [];
      let held: PushResponse['held'] = null;
      for (const command of commands) {
        const stored = store.outcomes.get(command.id);
        if (stored !== undefined) {
          results.push({ replayed: true, outcome: JSON.parse(stored) as Outcome });
          advanceChain(command);
          continue;
        }
        const chain = store.lastN(command.incarnation);
        if (command.n !== chain.lastN + 1 || command.prevHash !== chain.lastHash) {
          if (results.length === 0) return { fork: chain };
          break;
        }
        if (command.type === store.tooOldFor) {
          held = { commandId: command.id, code: 'storeTooOld' };
          break;
        }
        results.push({ replayed: false, outcome: decideAndKeep(actor, command, sender) });
        advanceChain(command);
      }
      if (results.some((result) => !result.replayed)) announce();
      return { results, held, serverTime: now(), head: store.head(), mark: store.mark(store.head()) };
    },

    pull(session, cursor, limit) {
      const parts: PullPart[] = [];
      let lines = 0;
      let at = cursor;
      for (const logged of store.log.slice(cursor)) {
        if (lines >= limit) break;
        const changes = changesFor(session, logged);
        if (changes.length > 0) parts.push({ kind: 'transaction', seq: logged.seq, changes });
        lines += changes.length;
        at = logged.seq;
      }
      const end = {
        cursor: at,
        more: at < store.head(),
        logHash: store.logHash(at),
        seal: store.mark(at).seal,
        scopeVersion: session.scopeVersion,
      };
      return [...parts, { kind: 'end', ...end }];
    },

    snapshotRows(session, entity) {
      if (entity === 'ticket') return visible(session).map(ticketRow);
      if (entity === 'entry')
        return visible(session).flatMap((ticket) => (store.entries.get(ticket.id) ?? []).map(entryRow));
      return directoryRows.filter((row) => row.entity === entity);
    },

    reachable: (session) => [...store.tickets.values()].filter((ticket) => reaches(session, ticket)),
    entriesOf: (ticketId) => (store.entries.get(ticketId) ?? []).map(entryRow),

    act(actor, ticketId, type, payload) {
      foreign += 1;
      const time = { deviceAt: now(), bootId: 'other', monotonicMs: 1, lastOffset: 0 };
      const command: WireCommand = {
        id: uuid(500_000 + foreign),
        deviceId: uuid(999),
        incarnation: uuid(998),
        n: foreign,
        prevHash: CHAIN_START,
        commandVersion: 1,
        ticketId,
        time,
        seenVersion: null,
        onBehalf: null,
        type,
        payload,
      };
      const outcome = decideAndKeep(actor, command);
      announce();
      return outcome;
    },
  };

  function advanceChain(command: WireCommand): void {
    if (command.n !== store.lastN(command.incarnation).lastN + 1) return;
    chains.set(command.incarnation, { lastN: command.n, lastHash: sha256Hex(commandHashInput(command)) });
  }

  function decideAndKeep(actor: Actor, command: WireCommand, sender: SenderClock | null = null): Outcome {
    const before = store.tickets.get(command.ticketId) ?? null;
    const recordedAt = now();
    const parsed = parseCommand(command.type, command.payload);
    const former = command.former?.outcome.verdict;
    const run =
      parsed.ok && former?.kind !== 'refused'
        ? runCommand(before, command.ticketId, parsed.value, {
            commandId: command.id,
            actor,
            times: deriveTimes(mendedTime(command.time, sender, recordedAt), recordedAt, null),
            directory,
            settings: defaultDeskSettings,
            officialNumber: officialNumber('MDS', 2026, store.tickets.size + 1),
            seenVersion: command.seenVersion,
            former: former ?? null,
            otherTicket: (id) => store.tickets.get(id) ?? null,
            problemExists: (id) => store.tickets.get(id)?.kind === 'problem',
          })
        : null;
    if (run?.ticket && run.entries.length > 0) {
      store.tickets.set(command.ticketId, run.ticket);
      store.entries.set(command.ticketId, [...(store.entries.get(command.ticketId) ?? []), ...run.entries]);
      const rows = [ticketRow(run.ticket), ...run.entries.map(entryRow)];
      store.log.push({ seq: store.log.length + 1, rows, before });
    }
    const again = former?.kind === 'refused' ? former : null;
    const outcome: Outcome = {
      commandId: command.id,
      ticketId: command.ticketId,
      verdict: again ?? run?.verdict ?? { kind: 'refused', refusal: { code: 'invalid', params: { field: 'payload' } } },
      ticketVersion: run?.ticket?.version ?? before?.version ?? null,
      number: command.type === 'register' ? (run?.ticket?.number ?? null) : null,
      recordedAt,
    };
    if (store.outcomes.has(command.id)) throw new Error('SY2: a command took effect twice');
    store.outcomes.set(command.id, JSON.stringify(outcome));
    store.effects.push({ commandId: command.id, deviceId: command.deviceId });
    return outcome;
  }

  const reaches = (session: SessionInfo, ticket: Ticket) => inScope(session.grant, scopeKeysOf(ticket), now());
  const sees = (session: SessionInfo, ticket: Ticket) =>
    reaches(session, ticket) && !(store.outside.has(ticket.id) && ticket.status === 'closed');
  const visible = (session: SessionInfo) =>
    [...store.tickets.values()].filter((ticket) => sees(session, ticket)).sort((a, b) => (a.id < b.id ? -1 : 1));

  function changesFor(session: SessionInfo, { rows, before }: LoggedTransaction) {
    const after = rows[0];
    if (after?.entity !== 'ticket') return rows.map((up) => ({ up }));
    if (sees(session, after.row)) {
      const entering = before !== null && !sees(session, before);
      const earlier = entering
        ? (store.entries.get(after.row.id) ?? []).filter((e) => e.seq <= before.version).map(entryRow)
        : [];
      return [...earlier, ...rows].map((up) => ({ up }));
    }
    return before !== null && sees(session, before) ? [{ rm: { id: before.id, why: 'scope' as const } }] : [];
  }

  function announce(): void {
    for (const listener of store.listeners) queueMicrotask(() => listener.onNews(store.place()));
  }
  return store;
}

const sealOf = (epoch: string, seq: number, hash: string) => sha256Hex(`key of the desk:${epoch}:${seq}:${hash}`);
export const ticketRow = (row: Ticket): StoreRow => ({ entity: 'ticket', row, doc: JSON.stringify(row) });
const entryRow = (row: TimelineEntry): StoreRow => ({ entity: 'entry', row, doc: JSON.stringify(row) });

function seedDirectory(): StoreRow[] {
  const rows: StoreRow[] = [];
  const all = Object.values(ids);
  const add = <E extends Exclude<DirectoryEntity, 'membership'>>(entity: E) => {
    for (const id of all) {
      const row = directory[entity](id);
      if (row !== null) rows.push({ entity, row, doc: JSON.stringify(row) } as StoreRow);
    }
  };
  for (const entity of ['site', 'orgUnit', 'service', 'team', 'person', 'asset'] as const) add(entity);
  let n = 700;
  for (const personId of all) {
    for (const teamId of all) {
      if (!directory.isMember(personId, teamId)) continue;
      const row = { id: uuid(n++), version: 1, active: true, teamId, personId };
      rows.push({ entity: 'membership', row, doc: JSON.stringify(row) });
    }
  }
  return rows;
}
