import type { CacheMeta, CachePort, CacheTx, Overlay, RowDigest } from '../../../src/core/ports/cache.ts';
import type { StoreRow } from '../../../src/core/ports/store-client.ts';
import type { Attachment } from '../../../src/domain/attachments.ts';
import type { DirectoryEntity, DirectoryLookup, DirectoryRows } from '../../../src/domain/directory.ts';
import type { TimelineEntry } from '../../../src/domain/events.ts';
import type { Ticket } from '../../../src/domain/ticket.ts';
import { directoryEntitySchema } from '../../../src/protocol/sync/messages.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { createXorSum } from '../../../src/shared/xor-sum.ts';
import type { WriteGate } from './memory-outbox.ts';
import { textDigest } from './text-digest.ts';

/** A row as it lies on the disk: its text, what the text says, and the fill that brought it. Never changed in place. */
export interface HeldRow<T> {
  readonly value: T;
  readonly doc: string;
  readonly fill: number;
  /** Digest of `doc`, worked out at its first use. */
  x: string | null;
}
export const heldRow = <T>(value: T, doc: string, fill: number): HeldRow<T> => ({
  value: frozen(value),
  doc,
  fill,
  x: null,
});

/** Of a row in the order of digests. */
interface Place {
  readonly key: string;
  readonly e: DirectoryEntity | 'ticket';
  readonly id: string;
}
type DirectoryMaps = { readonly [E in DirectoryEntity]: Map<string, HeldRow<DirectoryRows[E]>> };
/** What survives a crash: every committed transaction, whole. */
export interface CacheDisk {
  meta: CacheMeta;
  fill: number;
  revision: number;
  readonly tickets: Map<string, HeldRow<Ticket>>;
  /** By ticket, then by place in it. */
  readonly entries: Map<string, Map<number, HeldRow<TimelineEntry>>>;
  /** Entries that each command made in the base. */
  readonly commands: Map<string, number>;
  readonly directory: DirectoryMaps;
  readonly overlays: Map<string, Overlay>;
}
const noMeta: CacheMeta = {
  epoch: null,
  cursor: null,
  logHash: null,
  seal: null,
  scopeVersion: null,
  schema: null,
  fill: null,
  caughtUp: false,
};
export const emptyCacheDisk = (): CacheDisk => ({
  meta: noMeta,
  fill: 0,
  revision: 0,
  tickets: new Map(),
  entries: new Map(),
  commands: new Map(),
  directory: {
    site: new Map(),
    orgUnit: new Map(),
    person: new Map(),
    team: new Map(),
    membership: new Map(),
    service: new Map(),
    asset: new Map(),
  },
  overlays: new Map(),
});

export interface MemoryCache extends CachePort {
  /** What the timeline of a ticket shows: base entries, then optimistic ones that the base has not. */
  shownEntries(ticketId: string): TimelineEntry[];
  baseEntries(ticketId: string): TimelineEntry[];
  baseTickets(): Ticket[];
  overlay(ticketId: string): Overlay | null;
}

/** Told of every commit how to take it back: the file does not wait for the disk, and a power cut may lose the last ones. */
export interface CacheJournal {
  committed(undo: (() => void)[]): void;
  wiped(): void;
}

/**
 * `CachePort` in memory, made to be run hundreds of times a second: rows are looked up by id, a transaction that fails is
 * taken back step by step, nothing is copied or parsed. What goes in is frozen to its depths, so nothing that a caller does
 * later reaches the disk, and what comes out can be given away.
 *
 * @param freezes false: whoever uses it is trusted to change nothing in place, which freezing would show
 */
export function createMemoryCache(
  disk: CacheDisk,
  gate: WriteGate,
  journal?: CacheJournal,
  freezes = true,
): MemoryCache {
  const kept = <T>(value: T): T => (freezes ? frozen(value) : value);
  const held = <T>(value: T, doc: string): HeldRow<T> => ({ value: kept(value), doc, fill: disk.fill, x: null });

  /** How to take back what the transaction under way did, in its order. */
  let undo: (() => void)[] = [];
  /** `person team` of active memberships; null: to be worked out again. */
  let members: Set<string> | null = null;

  function put<K, V>(map: Map<K, V>, key: K, value: V): void {
    const held = map.get(key);
    map.set(key, value);
    undo.push(held === undefined ? () => map.delete(key) : () => map.set(key, held));
  }
  function drop<K, V>(map: Map<K, V>, key: K): void {
    const held = map.get(key);
    if (held === undefined) return;
    map.delete(key);
    undo.push(() => map.set(key, held));
  }
  function assign<K extends 'meta' | 'fill'>(key: K, value: CacheDisk[K]): void {
    const held = disk[key];
    disk[key] = value;
    undo.push(() => {
      disk[key] = held;
    });
  }
  const isNewer = (held: HeldRow<{ version: number }> | undefined, version: number): boolean =>
    held === undefined || held.fill < disk.fill || version > held.value.version;

  function count(commandId: string, change: 1 | -1): void {
    const left = (disk.commands.get(commandId) ?? 0) + change;
    if (left === 0) drop(disk.commands, commandId);
    else put(disk.commands, commandId, left);
  }
  function dropEntry(of: Map<number, HeldRow<TimelineEntry>>, seq: number): void {
    const held = of.get(seq);
    if (held === undefined) return;
    count(held.value.commandId, -1);
    drop(of, seq);
  }
  function upsertEntry(row: TimelineEntry, doc: string): void {
    let of = disk.entries.get(row.ticketId);
    if (of === undefined) {
      of = new Map();
      put(disk.entries, row.ticketId, of);
    }
    dropEntry(of, row.seq);
    put(of, row.seq, held(row, doc));
    count(row.commandId, 1);
  }
  function upsertDirectory<E extends DirectoryEntity>(entity: E, row: DirectoryRows[E], doc: string): void {
    const map: Map<string, HeldRow<DirectoryRows[E]>> = disk.directory[entity];
    if (!isNewer(map.get(row.id), row.version)) return;
    put(map, row.id, held(row, doc));
    if (entity === 'membership') members = null;
  }
  function upsert(item: StoreRow): void {
    if (item.entity === 'entry') upsertEntry(item.row, item.doc);
    else if (item.entity !== 'ticket') upsertDirectory(item.entity, item.row, item.doc);
    else if (isNewer(disk.tickets.get(item.row.id), item.row.version))
      put(disk.tickets, item.row.id, held(item.row, item.doc));
  }
  const base = (id: string) => disk.tickets.get(id)?.value ?? null;
  function removeTicket(id: string): void {
    drop(disk.tickets, id);
    const of = disk.entries.get(id);
    if (of === undefined) return;
    for (const { value } of of.values()) count(value.commandId, -1);
    drop(disk.entries, id);
  }

  const tx: CacheTx = {
    upsert: (rows) => rows.forEach(upsert),
    fill(page) {
      if (page.form === 'packed') throw new Error('rows that another host packed');
      page.rows.forEach(upsert);
    },
    removeTicket,
    removeDirectoryRow(entity, id) {
      drop<string, HeldRow<DirectoryRows[DirectoryEntity]>>(disk.directory[entity], id);
      members = null;
    },
    base,
    readable: () => true,
    baseHolds: (commandId) => disk.commands.has(commandId),
    setOverlay(id, overlay) {
      if (overlay === null) drop(disk.overlays, id);
      else put(disk.overlays, id, kept(overlay));
    },
    setMeta: (meta) => assign('meta', kept(meta)),
    beginFill: () => assign('fill', disk.fill + 1),
    endFill() {
      for (const [id, row] of disk.tickets) if (row.fill < disk.fill) drop(disk.tickets, id);
      for (const of of disk.entries.values()) for (const [seq, row] of of) if (row.fill < disk.fill) dropEntry(of, seq);
      for (const entity of directoryEntitySchema.options) {
        const map: Map<string, HeldRow<DirectoryRows[DirectoryEntity]>> = disk.directory[entity];
        for (const [id, row] of map) if (row.fill < disk.fill) drop(map, id);
      }
      members = null;
    },
  };

  function rollBack(): void {
    for (const step of undo.reverse()) step();
    undo = [];
    members = null;
  }

  const directoryRow =
    <E extends DirectoryEntity>(entity: E) =>
    (id: string): DirectoryRows[E] | null =>
      disk.directory[entity].get(id)?.value ?? null;
  const directory: DirectoryLookup = {
    site: directoryRow('site'),
    orgUnit: directoryRow('orgUnit'),
    person: directoryRow('person'),
    team: directoryRow('team'),
    service: directoryRow('service'),
    asset: directoryRow('asset'),
    isMember(personId, teamId) {
      members ??= new Set(
        [...disk.directory.membership.values()].flatMap(({ value }) =>
          value.active ? [`${value.personId} ${value.teamId}`] : [],
        ),
      );
      return members.has(`${personId} ${teamId}`);
    },
    triageTeam() {
      for (const { value } of disk.directory.team.values()) if (value.triage && value.active) return value;
      return null;
    },
  };

  function digests(after: string | null, limit: number) {
    const places: Place[] = [];
    for (const e of directoryEntitySchema.options)
      for (const id of disk.directory[e].keys()) places.push({ key: `d ${e} ${id}`, e, id });
    for (const id of disk.tickets.keys()) places.push({ key: `t ticket ${id}`, e: 'ticket', id });
    places.sort((a, b) => (a.key < b.key ? -1 : 1));
    const from = after === null ? 0 : places.findIndex(({ key }) => key > after);
    const page = from < 0 ? [] : places.slice(from, from + limit);
    const last = from < 0 || from + limit >= places.length;
    return { rows: page.map(digestAt), next: last ? null : (page.at(-1)?.key ?? null) };
  }
  function digestAt({ e, id }: Place): RowDigest {
    if (e !== 'ticket') return { e, id, x: digestOf(disk.directory[e].get(id)) };
    const sum = createXorSum();
    sum.add(digestOf(disk.tickets.get(id)));
    for (const row of disk.entries.get(id)?.values() ?? []) sum.add(digestOf(row));
    return { e: 'ticket', id, x: sum.hex() };
  }

  const shownEntries = (id: string): TimelineEntry[] => {
    const held = baseEntries(id);
    const ids = new Set(held.map((entry) => entry.id));
    return [...held, ...(disk.overlays.get(id)?.entries ?? []).filter((entry) => !ids.has(entry.id))];
  };
  const baseEntries = (ticketId: string): TimelineEntry[] =>
    [...(disk.entries.get(ticketId)?.values() ?? [])].map((row) => row.value).sort((a, b) => a.seq - b.seq);

  return {
    revision: () => disk.revision,
    meta: () => disk.meta,
    transaction(work) {
      const failure = gate('cache');
      if (failure !== null) return err(failure);
      undo = [];
      try {
        const value = work(tx);
        const late = gate('cacheCommit');
        if (late !== null) {
          rollBack();
          return err(late);
        }
        disk.revision += 1;
        journal?.committed(undo);
        return ok(value);
      } catch (error) {
        rollBack();
        throw error;
      }
    },
    shown(id) {
      const overlay = disk.overlays.get(id);
      return overlay === undefined ? base(id) : overlay.ticket;
    },
    base,
    digests,
    overlaid: () => [...disk.overlays.keys()],
    directory: () => directory,
    firstSeqSince: (ticketId, recordedAt) =>
      baseEntries(ticketId).find((entry) => (entry.recordedAt ?? -1) >= recordedAt)?.seq ?? null,
    latestRecordedAt() {
      let latest: number | null = null;
      for (const { value } of disk.tickets.values())
        if (value.recordedAt !== null && (latest === null || value.recordedAt > latest)) latest = value.recordedAt;
      return latest;
    },
    damaged: () => false,
    wipe() {
      Object.assign(disk, emptyCacheDisk(), { revision: disk.revision + 1 });
      members = null;
      journal?.wiped();
      return ok(null);
    },
    shownEntries,
    attachments(id) {
      const byId = new Map<string, Attachment>();
      for (const { event } of shownEntries(id)) {
        if (event.type !== 'attachmentAdded' || byId.has(event.attachmentId)) continue;
        const { type: _, ...file } = event;
        byId.set(file.attachmentId, file);
      }
      return [...byId.values()];
    },
    baseEntries,
    baseTickets: () => [...disk.tickets.values()].map((row) => row.value),
    overlay: (id) => disk.overlays.get(id) ?? null,
  };
}

function digestOf(row: HeldRow<unknown> | undefined): string {
  if (row === undefined) throw new Error('no such row');
  row.x ??= textDigest(row.doc);
  return row.x;
}

/** The same value, that nobody can change any more. What is frozen already is taken to be so to its depths. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
