import type { TimelineEntry } from '../../src/domain/events.ts';
import { inScope, type ScopeGrant, scopeKeysOf } from '../../src/domain/scope.ts';
import type { NewCommand } from '../../src/store/commands/desk-port.ts';
import type { TicketRecord } from '../desk/memory-state.ts';
import type { Court } from './violation.ts';

/** One committed transaction of the desk, as an observer beside the database sees it. */
export interface SeenCommit {
  /** Last place of the log after it. */
  readonly head: number;
  readonly epoch: string;
  readonly commands: readonly NewCommand[];
  readonly tickets: readonly TicketRecord[];
  readonly entries: readonly TimelineEntry[];
  /** Commands of orphans that were carried out by it. */
  readonly carried: readonly string[];
  /** Rows of the directory by `<entity> <id>`. */
  readonly directory: readonly { readonly key: string; readonly doc: string }[];
}
interface TicketState {
  readonly seq: number;
  readonly record: TicketRecord;
}
export interface LostCommand {
  readonly id: string;
  readonly hadEffect: boolean;
}
export interface ModelPoint {
  readonly seq: number;
  readonly commits: number;
}
export interface KnownCommand {
  /** Which commit of the history stored it. */
  readonly commit: number;
  readonly outcome: string;
  readonly epoch: string;
  readonly refused: boolean;
}

/**
 * What the store has had at every place of its log, kept by an observer of its commits: the reference for what consoles should
 * hold, without asking the store itself. A restore takes it back to a place.
 */
export interface StoreModel {
  commit(seen: SeenCommit): void;
  head(): number;
  /** Tickets that changed after a place, up to another. */
  changedBetween(after: number, upTo: number): Iterable<string>;
  ticketAt(id: string, seq: number): TicketRecord | null;
  /** A ticket that this grant lets through at that place; null: none. */
  visibleAt(id: string, seq: number, grant: ScopeGrant, now: number): TicketRecord | null;
  ticketIds(): Iterable<string>;
  directoryAt(key: string, seq: number): string | null;
  directoryKeys(): Iterable<string>;
  command(id: string): KnownCommand | null;
  /** In order of receipt. */
  commands(): ReadonlyMap<string, KnownCommand>;
  /** Outcomes that the store has stored for a command, in any history of its. */
  outcomesOf(id: string): readonly string[];
  /** Where it stands now: a transaction may leave no place in the log, as one that refuses does. */
  point(): ModelPoint;
  /** The database is put back as it was then. Gives the commands that it lost. */
  restoreTo(point: ModelPoint): readonly LostCommand[];
  copy(court: Court): StoreModel;
}

interface Contents {
  readonly tickets: Map<string, TicketState[]>;
  readonly directory: Map<string, { seq: number; doc: string }[]>;
  readonly commands: Map<string, KnownCommand>;
  readonly effects: Map<string, number>;
  /** Command by `<device> <incarnation> <n>`. */
  readonly places: Map<string, string>;
  readonly outcomes: Map<string, string[]>;
  readonly changed: { seq: number; ids: readonly string[] }[];
  head: number;
  commits: number;
}
const empty = (): Contents => ({
  tickets: new Map(),
  directory: new Map(),
  commands: new Map(),
  effects: new Map(),
  places: new Map(),
  outcomes: new Map(),
  changed: [],
  head: 0,
  commits: 0,
});
const arrays = <V>(map: ReadonlyMap<string, V[]>): Map<string, V[]> =>
  new Map([...map].map(([key, values]) => [key, [...values]]));
const add = <V>(map: Map<string, V[]>, key: string, value: V): void => {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
};

function latest<V extends { seq: number }>(states: readonly V[] | undefined, seq: number): V | null {
  for (let n = (states?.length ?? 0) - 1; n >= 0; n -= 1) {
    const state = states?.[n];
    if (state !== undefined && state.seq <= seq) return state;
  }
  return null;
}

export const createStoreModel = (court: Court): StoreModel => modelOf(empty(), court);

function modelOf(held: Contents, court: Court): StoreModel {
  function noteCommands({ commands, entries, carried, head, epoch }: SeenCommit): void {
    const commit = held.commits;
    for (const { command, outcome, refused } of commands) {
      if (held.commands.has(command.id))
        court.accuse('SY2', `command ${command.id} was stored a second time at ${head}`);
      const place = `${command.deviceId} ${command.incarnation} ${command.n}`;
      const there = held.places.get(place);
      if (there !== undefined && held.commands.has(there))
        court.accuse('SY12', `commands ${there} and ${command.id} hold the same place ${command.n} of one chain`);
      held.places.set(place, command.id);
      held.commands.set(command.id, { commit, outcome, epoch, refused });
      add(held.outcomes, command.id, outcome);
    }
    for (const { commandId } of entries) {
      const before = held.effects.get(commandId);
      if (before !== undefined && before !== commit)
        court.accuse('SY2', `command ${commandId} took effect twice, the second time at ${head}`);
      if (held.commands.get(commandId)?.commit !== commit && !carried.includes(commandId))
        court.accuse('SY2', `command ${commandId} took effect at ${head}, apart from its record`);
      held.effects.set(commandId, commit);
    }
  }
  function restoreTo({ seq, commits }: ModelPoint): LostCommand[] {
    const lost: LostCommand[] = [];
    for (const [id, { commit }] of held.commands) {
      if (commit <= commits) continue;
      held.commands.delete(id);
      lost.push({ id, hadEffect: held.effects.has(id) });
    }
    for (const [id, commit] of held.effects) if (commit > commits) held.effects.delete(id);
    for (const [id, states] of held.tickets) {
      while ((states.at(-1)?.seq ?? 0) > seq) states.pop();
      if (states.length === 0) held.tickets.delete(id);
    }
    for (const states of held.directory.values()) while ((states.at(-1)?.seq ?? 0) > seq) states.pop();
    while ((held.changed.at(-1)?.seq ?? 0) > seq) held.changed.pop();
    held.head = seq;
    return lost;
  }

  return {
    head: () => held.head,
    commit(seen) {
      const { head } = seen;
      held.head = head;
      held.commits += 1;
      noteCommands(seen);
      const ids: string[] = [];
      for (const record of seen.tickets) {
        const { id, version } = record.doc.value;
        const last = held.tickets.get(id)?.at(-1)?.record.doc.value.version ?? 0;
        if (version <= last) court.accuse('SY8', `ticket ${id} went from version ${last} to ${version} at the store`);
        add(held.tickets, id, { seq: head, record });
        ids.push(id);
      }
      for (const { key, doc } of seen.directory) add(held.directory, key, { seq: head, doc });
      if (ids.length > 0) held.changed.push({ seq: head, ids });
    },
    *changedBetween(after, upTo) {
      for (let n = held.changed.length - 1; n >= 0; n -= 1) {
        const change = held.changed[n];
        if (change === undefined || change.seq <= after) return;
        if (change.seq <= upTo) yield* change.ids;
      }
    },
    ticketAt: (id, seq) => latest(held.tickets.get(id), seq)?.record ?? null,
    visibleAt(id, seq, grant, now) {
      const record = latest(held.tickets.get(id), seq)?.record ?? null;
      return record !== null && inScope(grant, scopeKeysOf(record.doc.value), now) ? record : null;
    },
    ticketIds: () => held.tickets.keys(),
    directoryAt: (key, seq) => latest(held.directory.get(key), seq)?.doc ?? null,
    directoryKeys: () => held.directory.keys(),
    command: (id) => held.commands.get(id) ?? null,
    commands: () => held.commands,
    outcomesOf: (id) => held.outcomes.get(id) ?? [],
    point: () => ({ seq: held.head, commits: held.commits }),
    restoreTo,
    copy: (next) =>
      modelOf(
        {
          tickets: arrays(held.tickets),
          directory: arrays(held.directory),
          commands: new Map(held.commands),
          effects: new Map(held.effects),
          places: new Map(held.places),
          outcomes: arrays(held.outcomes),
          changed: [...held.changed],
          head: held.head,
          commits: held.commits,
        },
        next,
      ),
  };
}
