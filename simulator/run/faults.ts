import { cloneDisk, type Disk, losePower } from '../console/disk.ts';
import type { Machine } from '../console/machine.ts';
import type { DeskBackup } from '../desk/memory-desk.ts';
import type { Image } from '../observe/ledger.ts';
import type { ModelPoint } from '../observe/store-model.ts';
import type { Fault } from '../plan/plan.ts';
import type { SessionsImage } from '../store/sessions.ts';
import { accountOf } from '../store/sessions.ts';
import { directory } from '../world/organisation.ts';
import type { Simulation } from './simulation.ts';
import { spoilBase, spoilOutbox } from './spoil.ts';

interface Backup {
  readonly desk: DeskBackup;
  readonly sessions: SessionsImage;
  readonly point: ModelPoint;
}

/** Everything that goes wrong, and what is changed from outside. */
export interface Faults {
  strike(fault: Fault): void;
  /** Starts the console on this machine, if none runs. */
  start(machine: Machine): void;
  /** Restarts of machines and of stores that are under way. */
  pending(): number;
}

/** No history ends with more machines than this, however often one is cloned. */
const MACHINES_AT_MOST = 7;

export function createFaults(simulation: Simulation): Faults {
  const { scheduler, machines, stores, desk, sessions, observers, trace } = simulation;
  const { ledger, base, shown } = observers;
  const images = new Map<Machine, { disk: Disk; image: Image; spoilt: ReadonlySet<string> }>();
  const backups: Backup[] = [];
  let pending = 0;
  const now = scheduler.now;
  const later = (ms: number, run: () => void) => {
    pending += 1;
    scheduler.after(ms, () => {
      pending -= 1;
      run();
    });
  };

  function start(machine: Machine): void {
    if (machine.process() !== null) return;
    observers.lagging.delete(machine);
    shown.forget(machine);
    machine.boot();
    trace.line(`console ${machine.number} (${machine.user}) starts`);
  }
  function stop(machine: Machine, machineToo: boolean, downMs: number): void {
    machine.kill(machineToo);
    later(downMs, () => start(machine));
  }
  simulation.onDeath = (machine) => {
    trace.line(`console ${machine.number} dies at a write`);
    // Not within the write itself.
    scheduler.after(0, () => stop(machine, false, 1_500));
  };

  function clone(machine: Machine, downMs: number): void {
    if (machines.length >= MACHINES_AT_MOST || !machine.disk.used) return;
    const copy = simulation.addMachine(machine.user, cloneDisk(machine.disk), machine.skewMs, machine.old);
    ledger.copied(machine, copy);
    observers.spoilt.set(copy, new Set(observers.spoilt.get(machine)));
    trace.line(`console ${copy.number} is a copy of ${machine.number}`);
    later(downMs, () => start(copy));
  }
  function putBack(machine: Machine): void {
    const kept = images.get(machine);
    if (kept === undefined) return;
    machine.kill(true);
    machine.disk = cloneDisk(kept.disk);
    observers.spoilt.set(machine, new Set(kept.spoilt));
    base.forget(machine);
    ledger.copied(kept.image, machine);
    ledger.writeOff();
    observers.files.writeOff();
    later(1_000, () => start(machine));
  }
  function restore(by: 'tool' | 'silent', downMs: number): void {
    const backup = backups.at(-1);
    if (backup === undefined) return;
    simulation.wasRestored = true;
    for (const store of stores) store.kill();
    desk.restore(backup.desk);
    sessions.load(backup.sessions);
    const lost = observers.model.restoreTo(backup.point);
    if (by === 'tool') {
      const { deskId } = desk;
      const to = simulation.chance.id();
      void desk.connect().desks.openEpoch(deskId, { from: desk.state().desk.epoch, to, at: now() });
    }
    ledger.restored(lost, desk.state().desk.epoch);
    ledger.writeOff();
    observers.rightsChanged();
    trace.line(`the store lost ${lost.length} commands, back at ${backup.point.seq}`);
    later(downMs, () => {
      for (const store of stores) store.start();
    });
  }
  function setRights(user: string, sites: readonly string[], teams: readonly string[]): void {
    const account = accountOf(user);
    const held = desk.state().accounts.get(account.accountId);
    if (held === undefined) return;
    const kept = held.grants.filter((grant) => grant.kind === 'everything');
    const granted = sites.map((targetId) => ({ kind: 'site' as const, targetId }));
    desk.putAccount({ ...held, grants: [...kept, ...granted] });
    const rows = [...desk.state().directory.values()].flatMap(({ doc: { value } }) =>
      'personId' in value && 'teamId' in value && value.personId === account.personId ? [value] : [],
    );
    const wanted = new Set(teams);
    for (const row of rows) {
      const active = wanted.delete(row.teamId);
      if (row.active !== active) desk.putDirectory([{ entity: 'membership', row: { ...row, active } }]);
    }
    for (const teamId of wanted) {
      const row = { id: simulation.chance.id(), active: true, personId: account.personId, teamId };
      desk.putDirectory([{ entity: 'membership', row }]);
    }
    observers.rightsChanged();
  }
  function changeDirectory(arg: number): void {
    const person = directory.person[arg % directory.person.length];
    if (person === undefined) return;
    const held = desk.state().directory.get(person.id)?.doc.value ?? person;
    desk.putDirectory([{ entity: 'person', row: { ...person, ...held, name: `persona ${arg}` } }]);
  }

  function onConsole(fault: Extract<Fault, { c: number }>): void {
    const machine = machines[fault.c];
    if (machine === undefined) return;
    const { conditions } = machine.link;
    switch (fault.kind) {
      case 'cut':
        conditions.cutUntil = now() + fault.ms;
        return;
      case 'halfOpen':
        conditions.halfOpenUntil = now() + fault.ms;
        return;
      case 'holdPoke':
        conditions.pokeHeldUntil = now() + fault.ms;
        return;
      case 'loss':
        conditions.lossUntil = now() + fault.ms;
        conditions.askedLost = fault.asked;
        conditions.answeredLost = fault.answered;
        return;
      case 'slow':
        conditions.slowUntil = now() + fault.ms;
        conditions.slowMs = fault.delayMs;
        return;
      case 'loseAnswer':
        conditions.loseAnswers.set(fault.call, fault.count);
        return;
      case 'duplicate':
        conditions.duplicate.set(fault.call, fault.afterMs);
        return;
      case 'retryAfter':
        conditions.retryAfter.set(fault.call, { count: fault.count, ms: fault.ms });
        return;
      case 'cutPull':
        conditions.cutPullAfter = fault.after;
        return;
      case 'clock':
        machine.skewMs = fault.skewMs;
        return;
      case 'diskFull':
        if (fault.what === 'all') machine.faults.fullUntil = now() + fault.ms;
        else machine.faults.commitFailsUntil = now() + fault.ms;
        return;
      case 'imageDisk':
        images.set(machine, {
          disk: cloneDisk(machine.disk),
          image: ledger.image(machine),
          spoilt: new Set(observers.spoilt.get(machine)),
        });
        return;
      case 'putBackDisk':
        putBack(machine);
        return;
      case 'clone':
        clone(machine, fault.downMs);
        return;
      case 'spoilRow':
        spoilOutbox(observers, machine, fault.pick);
        return;
      case 'spoilCache':
        spoilBase(observers, machine, fault.pick);
        return;
      case 'dieAt':
        if (machine.process() !== null) machine.faults.dieAt = fault.write;
        return;
      case 'crash':
        if (machine.process() !== null) stop(machine, false, fault.downMs);
        return;
      case 'powerCut':
        if (machine.process() === null) return;
        losePower(machine.disk, fault.lost);
        observers.spoilt.set(machine, new Set(observers.everSpoilt.get(machine)));
        base.forget(machine);
        stop(machine, true, fault.downMs);
        return;
      case 'revokeDevice': {
        const deviceId = machine.disk.outbox.identity?.deviceId;
        const device = desk.state().devices.get(deviceId ?? '');
        if (device === undefined) return;
        desk.putDevice({ ...device, revokedAt: now() });
        // Its copies are the same device to the store.
        for (const each of machines)
          if (each.disk.outbox.identity?.deviceId === deviceId) simulation.revoked.set(each, device.id);
      }
    }
  }

  function onStore(fault: Extract<Fault, { s: number }>): void {
    const store = stores[fault.s % stores.length];
    if (store === undefined) return;
    if (fault.kind === 'oldStore') {
      store.oldUntil = now() + fault.ms;
      return;
    }
    if (!store.alive()) return;
    if (fault.when === 'now') store.kill();
    else store.killAt = fault.when;
    later(fault.downMs, () => {
      // One that was to die at its next push and had none meanwhile dies of old age.
      store.kill();
      store.start();
    });
  }

  return {
    start,
    pending: () => pending,
    strike(fault) {
      if ('c' in fault) return onConsole(fault);
      if ('s' in fault) return onStore(fault);
      switch (fault.kind) {
        case 'backup':
          backups.push({ desk: desk.backup(), sessions: sessions.image(), point: observers.model.point() });
          return;
        case 'restore':
          return restore(fault.by, fault.downMs);
        case 'grants':
          return setRights(fault.user, fault.sites, fault.teams);
        case 'endSessions':
          return sessions.endSessions(fault.user);
        case 'expireAccess':
          return sessions.expireAccess(fault.user);
        case 'directory':
          return changeDirectory(fault.arg);
      }
    },
  };
}
