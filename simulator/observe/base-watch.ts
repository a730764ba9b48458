import type { CacheMeta, CachePort, CacheTx } from '../../src/core/ports/cache.ts';
import { touchedTickets } from '../../src/core/sync/first-fill.ts';
import type { ScopeGrant } from '../../src/domain/scope.ts';
import type { Machine } from '../console/machine.ts';
import type { TicketRecord } from '../desk/memory-state.ts';
import type { StoreModel } from './store-model.ts';
import type { Court, Rule } from './violation.ts';

export interface BaseWatchDeps {
  readonly model: StoreModel;
  readonly court: Court;
  readonly now: () => number;
  /** The rights behind a scope version, and until when the store gave them out; null: unknown here. */
  readonly rightsOf: (scopeVersion: string) => { readonly grant: ScopeGrant; readonly overAt: number | null } | null;
  /** Hash of the store's log at a place; null where it has none. */
  readonly logHashAt: (seq: number) => string | null;
  /** Rows of this machine's base that something outside changed, until they are mended. */
  readonly spoilt: (machine: Machine) => ReadonlySet<string>;
  readonly mended: (machine: Machine, ticketId: string) => void;
  /** Tickets whose base or overlay changed: what they show has to be looked at. */
  readonly touched: (machine: Machine, ticketIds: Iterable<string>) => void;
}

/** Watches the bases of the consoles as their caches commit: SY4, SY6, SY7, SY8. */
export interface BaseWatch {
  wrap(port: CachePort, machine: Machine): CachePort;
  /** The file was put back to an older state: versions may go back once. */
  forget(machine: Machine): void;
  /** Compares the whole base with the store's state at its cursor. */
  compareAll(machine: Machine): void;
}

/** A push and its answer may be under way for so long after the rights changed. */
const SCOPE_GRACE_MS = 45_000;

const isSettled = (meta: CacheMeta): meta is CacheMeta & { readonly cursor: number; readonly scopeVersion: string } =>
  meta.fill === null && meta.cursor !== null && meta.scopeVersion !== null && meta.caughtUp;
const epochOf = (meta: CacheMeta): string | null => meta.fill?.epoch ?? meta.epoch;

export function createBaseWatch(deps: BaseWatchDeps): BaseWatch {
  const { model, court, now } = deps;
  /** Highest version of each ticket that a machine has held, within one epoch. */
  const highest = new Map<Machine, { epoch: string | null; versions: Map<string, number> }>();
  const name = (machine: Machine) => `console ${machine.number} (${machine.user})`;

  function versionsOf(machine: Machine, epoch: string | null): Map<string, number> {
    const held = highest.get(machine);
    if (held !== undefined && held.epoch === epoch) return held.versions;
    const versions = new Map<string, number>();
    highest.set(machine, { epoch, versions });
    return versions;
  }

  function checkVersions(machine: Machine, touched: Iterable<string>, meta: CacheMeta): void {
    const versions = versionsOf(machine, epochOf(meta));
    const { tickets } = machine.disk.cache;
    for (const id of touched) {
      const row = tickets.get(id);
      // While a new fill is under way, rows of earlier ones stay readable; they are not of its epoch.
      if (row === undefined || (meta.fill !== null && row.fill < machine.disk.cache.fill)) continue;
      const { version } = row.value;
      const before = versions.get(id) ?? 0;
      if (version < before)
        court.accuse('SY8', `${name(machine)}: ticket ${id} went back from version ${before} to ${version}`);
      versions.set(id, Math.max(version, before));
    }
  }

  /** What is wrong with a ticket as it is held; null: nothing. */
  function wrongWith(
    machine: Machine,
    id: string,
    seq: number,
    grant: ScopeGrant,
  ): { readonly rule: Rule; readonly what: string } | null {
    const held = machine.disk.cache.tickets.get(id);
    const entries = machine.disk.cache.entries.get(id);
    const size = entries?.size ?? 0;
    if (held !== undefined && size !== held.value.version)
      return { rule: 'SY6', what: `ticket ${id} is of version ${held.value.version} with ${size} entries` };
    const expected = model.visibleAt(id, seq, grant, now());
    if (expected === null) {
      if (held === undefined) return null;
      return model.ticketAt(id, seq) === null
        ? { rule: 'SY4', what: `holds ticket ${id}, which the store does not have` }
        : { rule: 'SY7', what: `holds ticket ${id}, which is out of its scope` };
    }
    if (held === undefined) return { rule: 'SY4', what: `lacks ticket ${id}` };
    const { version } = expected.doc.value;
    if (held.doc !== expected.doc.text)
      return {
        rule: 'SY4',
        what: `holds version ${held.value.version} of ticket ${id}, where the store has ${version}`,
      };
    for (let place = 1; place <= version; place += 1) {
      if (entries?.get(place)?.doc !== expected.entries[place - 1]?.text)
        return { rule: 'SY4', what: `entry ${place} of ticket ${id} is not the store's` };
    }
    return null;
  }

  function compare(machine: Machine, ids: Iterable<string>, meta: CacheMeta): void {
    if (!isSettled(meta) || deps.logHashAt(meta.cursor) !== meta.logHash) return;
    const grant = deps.rightsOf(meta.scopeVersion)?.grant;
    if (grant === undefined) {
      court.accuse('SY7', `${name(machine)} stands by rights that the store never gave`);
      return;
    }
    const spoilt = deps.spoilt(machine);
    for (const id of ids) {
      if (spoilt.has(id)) {
        if (isMended(machine, id, model.visibleAt(id, meta.cursor, grant, now()))) deps.mended(machine, id);
        continue;
      }
      const wrong = wrongWith(machine, id, meta.cursor, grant);
      if (wrong !== null) court.accuse(wrong.rule, `${name(machine)}: ${wrong.what} at place ${meta.cursor}`);
    }
  }
  /** What came over the damaged row is the store's again. */
  const isMended = (machine: Machine, id: string, expected: TicketRecord | null): boolean => {
    const { tickets, entries } = machine.disk.cache;
    const held = tickets.get(id);
    return held?.doc === expected?.doc.text && (entries.get(id)?.size ?? 0) === (expected?.entries.length ?? 0);
  };

  function afterCommit(machine: Machine, touched: ReadonlySet<string>, before: CacheMeta) {
    const { meta } = machine.disk.cache;
    deps.touched(machine, touched);
    checkVersions(machine, touched, meta);
    if (!isSettled(meta)) return;
    if (meta.cursor === before.cursor && meta.epoch === before.epoch) {
      compare(machine, touched, meta);
      return;
    }
    const overAt = deps.rightsOf(meta.scopeVersion)?.overAt ?? null;
    if (overAt !== null && now() - overAt > SCOPE_GRACE_MS)
      court.accuse('SY7', `${name(machine)} pulled by rights that it has not had for ${now() - overAt} ms`);
    if (!isSettled(before) || meta.epoch !== before.epoch || meta.scopeVersion !== before.scopeVersion) {
      compareAll(machine);
      return;
    }
    const ids = new Set(touched);
    for (const id of model.changedBetween(before.cursor, meta.cursor)) ids.add(id);
    compare(machine, ids, meta);
  }

  function compareAll(machine: Machine) {
    const { cache } = machine.disk;
    compare(machine, new Set([...model.ticketIds(), ...cache.tickets.keys()]), cache.meta);
    const { meta } = cache;
    if (!isSettled(meta) || deps.logHashAt(meta.cursor) !== meta.logHash) return;
    for (const key of model.directoryKeys()) {
      const [entity, id] = key.split(' ') as [keyof typeof cache.directory, string];
      const expected = model.directoryAt(key, meta.cursor);
      if ((cache.directory[entity].get(id)?.doc ?? null) !== expected)
        court.accuse('SY4', `${name(machine)}: row ${key} of the directory is not the store's at place ${meta.cursor}`);
    }
  }

  return {
    compareAll,
    forget: (machine) => void highest.delete(machine),
    wrap(port, machine) {
      return {
        ...port,
        transaction(work) {
          const before = port.meta();
          const touched = new Set<string>();
          const done = port.transaction((tx) => work(noting(tx, touched)));
          if (done.ok) afterCommit(machine, touched, before);
          return done;
        },
        wipe() {
          const held = [...port.overlaid()];
          const done = port.wipe();
          if (done.ok) {
            highest.delete(machine);
            deps.touched(machine, held);
          }
          return done;
        },
      };
    },
  };
}

/** The same transaction, which writes down the tickets whose base or overlay it changes. */
const noting = (tx: CacheTx, touched: Set<string>): CacheTx => ({
  ...tx,
  upsert(rows) {
    for (const id of touchedTickets(rows)) touched.add(id);
    tx.upsert(rows);
  },
  fill(page) {
    if (page.form === 'plain') for (const id of touchedTickets(page.rows)) touched.add(id);
    tx.fill(page);
  },
  removeTicket(id) {
    touched.add(id);
    tx.removeTicket(id);
  },
  setOverlay(id, overlay) {
    touched.add(id);
    tx.setOverlay(id, overlay);
  },
});
