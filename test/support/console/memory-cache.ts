import type { CacheMeta, CachePort, CacheTx, Overlay } from '../../../src/core/ports/cache.ts';
import type { StoreRow } from '../../../src/core/ports/store-client.ts';
import type { DirectoryEntity, DirectoryLookup, DirectoryRows } from '../../../src/domain/directory.ts';
import type { TimelineEntry } from '../../../src/domain/events.ts';
import type { Ticket } from '../../../src/domain/ticket.ts';
import { err, ok } from '../../../src/shared/result.ts';
import type { WriteGate } from './memory-outbox.ts';

interface Row<T> {
  readonly value: T;
  readonly fill: number;
}
/** What survives a crash. Values are never changed in place. */
export interface CacheDisk {
  meta: CacheMeta;
  fill: number;
  tickets: Map<string, Row<Ticket>>;
  entries: Map<string, Row<TimelineEntry>>;
  directory: Map<string, Row<DirectoryRows[DirectoryEntity]>>;
  overlays: Map<string, Overlay>;
  revision: number;
}
const noMeta: CacheMeta = {
  epoch: null,
  cursor: null,
  logHash: null,
  scopeVersion: null,
  schema: null,
  fill: null,
  caughtUp: false,
};
export const emptyCacheDisk = (): CacheDisk => ({
  meta: noMeta,
  fill: 0,
  tickets: new Map(),
  entries: new Map(),
  directory: new Map(),
  overlays: new Map(),
  revision: 0,
});

export interface MemoryCache extends CachePort {
  /** What the timeline of a ticket shows: base entries, then optimistic ones that the base has not. */
  shownEntries(ticketId: string): TimelineEntry[];
  baseEntries(ticketId: string): TimelineEntry[];
  baseTickets(): Ticket[];
  overlay(ticketId: string): Overlay | null;
}

export function createMemoryCache(disk: CacheDisk, gate: WriteGate): MemoryCache {
  const baseEntries = (ticketId: string) =>
    [...disk.entries.values()]
      .map((row) => row.value)
      .filter((entry) => entry.ticketId === ticketId)
      .sort((a, b) => a.seq - b.seq);
  const base = (id: string) => disk.tickets.get(id)?.value ?? null;

  function upsert({ entity, row }: StoreRow): void {
    const fill = disk.fill;
    if (entity === 'entry') {
      disk.entries.set(row.id, { value: row, fill });
      return;
    }
    if (entity === 'ticket') {
      const held = disk.tickets.get(row.id);
      if (held === undefined || held.fill < fill || row.version > held.value.version)
        disk.tickets.set(row.id, { value: row, fill });
      return;
    }
    const key = `${entity}:${row.id}`;
    const held = disk.directory.get(key);
    if (held === undefined || held.fill < fill || row.version > held.value.version)
      disk.directory.set(key, { value: row, fill });
  }

  const tx: CacheTx = {
    upsert: (rows) => rows.forEach(upsert),
    removeTicket(id) {
      disk.tickets.delete(id);
      for (const entry of baseEntries(id)) disk.entries.delete(entry.id);
    },
    base,
    baseHolds: (commandId) => disk.entries.has(`${commandId}-0`),
    setOverlay: (id, overlay) => void (overlay === null ? disk.overlays.delete(id) : disk.overlays.set(id, overlay)),
    setMeta(meta) {
      disk.meta = meta;
    },
    beginFill() {
      disk.fill += 1;
    },
    endFill() {
      for (const map of [disk.tickets, disk.entries, disk.directory]) {
        for (const [key, row] of map) if (row.fill < disk.fill) map.delete(key);
      }
    },
  };

  const directoryRow =
    <E extends DirectoryEntity>(entity: E) =>
    (id: string): DirectoryRows[E] | null =>
      (disk.directory.get(`${entity}:${id}`)?.value ?? null) as DirectoryRows[E] | null;
  const rowsOf = <E extends DirectoryEntity>(entity: E) =>
    [...disk.directory].filter(([key]) => key.startsWith(`${entity}:`)).map(([, row]) => row.value as DirectoryRows[E]);
  const directory: DirectoryLookup = {
    site: directoryRow('site'),
    orgUnit: directoryRow('orgUnit'),
    person: directoryRow('person'),
    team: directoryRow('team'),
    service: directoryRow('service'),
    asset: directoryRow('asset'),
    isMember: (personId, teamId) =>
      rowsOf('membership').some((row) => row.active && row.personId === personId && row.teamId === teamId),
    triageTeam: () => rowsOf('team').find((row) => row.triage && row.active) ?? null,
  };

  return {
    revision: () => disk.revision,
    meta: () => disk.meta,
    transaction(work) {
      const failure = gate('cache');
      if (failure !== null) return err(failure);
      const before = {
        ...disk,
        tickets: new Map(disk.tickets),
        entries: new Map(disk.entries),
        directory: new Map(disk.directory),
        overlays: new Map(disk.overlays),
      };
      try {
        const value = work(tx);
        const late = gate('cacheCommit');
        if (late !== null) {
          Object.assign(disk, before);
          return err(late);
        }
        disk.revision += 1;
        return ok(value);
      } catch (error) {
        Object.assign(disk, before);
        throw error;
      }
    },
    shown: (id) => (disk.overlays.has(id) ? (disk.overlays.get(id)?.ticket ?? null) : base(id)),
    base,
    overlaid: () => [...disk.overlays.keys()],
    directory: () => directory,
    latestRecordedAt: () => {
      const times = [...disk.tickets.values()].map((row) => row.value.recordedAt ?? 0);
      return times.length === 0 ? null : Math.max(...times);
    },
    wipe() {
      Object.assign(disk, emptyCacheDisk(), { revision: disk.revision + 1 });
      return ok(null);
    },
    shownEntries(id) {
      const held = baseEntries(id);
      const ids = new Set(held.map((entry) => entry.id));
      return [...held, ...(disk.overlays.get(id)?.entries ?? []).filter((entry) => !ids.has(entry.id))];
    },
    baseEntries,
    baseTickets: () => [...disk.tickets.values()].map((row) => row.value),
    overlay: (id) => disk.overlays.get(id) ?? null,
  };
}
