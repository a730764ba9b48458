import type { ScopeGrant } from '../../src/domain/scope.ts';
import { LOG_START } from '../../src/store/changes/change-reads.ts';
import type { Machine } from '../console/machine.ts';
import type { MemoryDesk } from '../desk/memory-desk.ts';
import { logIndexAfter } from '../desk/memory-state.ts';
import type { Trace } from '../run/trace.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { type BaseWatch, createBaseWatch } from './base-watch.ts';
import { createFileWatch, type FileWatch } from './file-watch.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createShownWatch, type ShownWatch } from './shown-watch.ts';
import { createStoreModel, type SeenCommit, type StoreModel } from './store-model.ts';
import type { Court } from './violation.ts';

export interface ObserversDeps {
  readonly desk: MemoryDesk;
  readonly court: Court;
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  readonly machines: readonly Machine[];
  /** Files that the store has, by SHA-256. */
  readonly stored: ReadonlyMap<string, unknown>;
  /** What the store had before this history; null: nothing. */
  readonly model: StoreModel | null;
}
/** All that watches a history from outside. */
export interface Observers {
  readonly model: StoreModel;
  readonly ledger: Ledger;
  readonly files: FileWatch;
  readonly base: BaseWatch;
  readonly shown: ShownWatch;
  /** Rows of a machine's base that were damaged from outside and are not mended yet. */
  readonly spoilt: Map<Machine, Set<string>>;
  /** All that ever were: a power cut may bring a damage back that was mended. */
  readonly everSpoilt: Map<Machine, Set<string>>;
  /** Machines whose cache could not be written: what they show may lag until it can. */
  readonly lagging: Set<Machine>;
  /** Rights changed at the store. */
  rightsChanged(): void;
  /** Between two events. */
  look(): void;
}

export function createObservers(deps: ObserversDeps): Observers {
  const { desk, court, scheduler, machines, stored } = deps;
  const model = deps.model === null ? createStoreModel(court) : deps.model.copy(court);
  const spoilt = new Map<Machine, Set<string>>();
  const everSpoilt = new Map<Machine, Set<string>>();
  const lagging = new Set<Machine>();
  const rights = new Map<string, { grant: ScopeGrant; overAt: number | null }>();
  const none: ReadonlySet<string> = new Set();

  const shown = createShownWatch(
    court,
    (machine, id) => lagging.has(machine) || (spoilt.get(machine)?.has(id) ?? false),
  );
  const files = createFileWatch({ court, machines: () => machines, stored });
  const ledger = createLedger({
    model,
    court,
    machines: () => machines,
    epoch: () => desk.state().desk.epoch,
    touched: shown.touched,
  });
  const base = createBaseWatch({
    model,
    court,
    now: scheduler.now,
    rightsOf(version) {
      // A first sign-in makes a device, and with it rights that nobody had before.
      if (!rights.has(version)) rightsChanged();
      return rights.get(version) ?? null;
    },
    logHashAt(seq) {
      if (seq === 0) return LOG_START;
      const { log } = desk.state();
      const place = log[logIndexAfter(log, seq) - 1];
      return place?.seq === seq ? place.hash : null;
    },
    spoilt: (machine) => spoilt.get(machine) ?? none,
    mended: (machine, id) => void spoilt.get(machine)?.delete(id),
    touched: shown.touched,
  });

  function rightsChanged(): void {
    const current = new Set<string>();
    const { devices } = desk.state();
    for (const device of devices.values()) {
      const { scopeVersion, grant } = desk.principal(device.accountId, device.id);
      current.add(scopeVersion);
      rights.set(scopeVersion, { grant, overAt: null });
    }
    for (const [version, held] of rights)
      if (!current.has(version) && held.overAt === null) rights.set(version, { ...held, overAt: scheduler.now() });
  }

  desk.watch((writes, state) => {
    const places = state.log.slice(logIndexAfter(state.log, model.head()));
    const seen: SeenCommit = {
      head: state.lastSeq,
      epoch: state.desk.epoch,
      commands: writes.flatMap(({ commands }) => commands),
      tickets: writes.flatMap(({ inserted, updated }) =>
        [...inserted, ...updated].flatMap(({ ticket }) => state.tickets.get(ticket.id) ?? []),
      ),
      entries: writes.flatMap(({ entries }) => entries),
      carried: writes.flatMap(({ carried }) => carried),
      directory: places.flatMap(({ entity, id }) => {
        const row = entity === 'ticket' ? undefined : state.directory.get(id);
        return row === undefined ? [] : [{ key: `${entity} ${id}`, doc: row.doc.text }];
      }),
    };
    model.commit(seen);
    ledger.committed(seen);
  });
  rightsChanged();
  return { model, ledger, files, base, shown, spoilt, everSpoilt, lagging, rightsChanged, look: shown.look };
}
