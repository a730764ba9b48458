import { LOG_START } from '../../src/store/changes/change-reads.ts';
import { sessionOn } from '../console/disk.ts';
import type { Machine } from '../console/machine.ts';
import { fairConditions } from '../net/link.ts';
import { filesToSend } from '../observe/file-watch.ts';
import type { Faults } from './faults.ts';
import type { Simulation } from './simulation.ts';

/** SY10: within so much true time after everything was put right, all is said and all is known. */
export const HEALING_MS = 420_000;
/** Whatever holds a push back, a pull has come through by then: neither waits for the other. */
const PULL_MS = 150_000;
const LOOK_MS = 1_000;

/** Puts everything right: links, disks, machines that are off, stores that are down or of an older build. */
export function putRight(simulation: Simulation, faults: Faults): void {
  const { machines, stores } = simulation;
  for (const machine of machines) {
    Object.assign(machine.link.conditions, fairConditions());
    Object.assign(machine.faults, { fullUntil: 0, commitFailsUntil: 0, dieAt: null });
    faults.start(machine);
  }
  for (const store of stores) {
    store.oldUntil = 0;
    store.killAt = null;
    store.start();
  }
}

/** Revoked with no session left: it has no way to hand in, since a password does not open a revoked device. */
export const isStranded = (simulation: Simulation, machine: Machine): boolean =>
  simulation.isRevoked(machine) && machine.disk.used && hasNoSession(machine);
const hasNoSession = (machine: Machine): boolean => {
  const { settings, open, owed } = machine.disk.outbox;
  // A profile that was signed out with nothing left to send asks the store nothing until somebody signs in.
  const isAtRest = sessionOn(machine) === null && open.size + owed.size + filesToSend(machine).length === 0;
  return isAtRest || settings.get('expired') === true || !settings.has('sealedRefresh');
};

/** Null: this console has nothing left to say, and knows all that it should. */
export function unsettled(
  simulation: Simulation,
  machine: Machine,
): { rule: 'SY7' | 'SY9' | 'SY10' | 'SY16'; what: string } | null {
  const { outbox, cache, used } = machine.disk;
  const name = `console ${machine.number} (${machine.user})`;
  const device = simulation.revoked.get(machine);
  if (simulation.isRevoked(machine)) {
    if (isStranded(simulation, machine)) return null;
    const told = simulation.desk.state().devices.get(device ?? '')?.wipedAt != null;
    // Whose session the store ended, or who was refused at a sign-in, may have nothing left to confirm with.
    const tokenless = [...machine.disk.farewells.values()].some(({ sealedRefresh }) => sealedRefresh === null);
    const mayBeSilent = tokenless && simulation.sessions.mayBeTokenless(device ?? '');
    const confirmed = told || simulation.wasRestored || mayBeSilent;
    if (outbox.rows.size === 0 && cache.tickets.size === 0 && confirmed) return null;
    return {
      rule: 'SY7',
      what: `${name} is revoked and has not erased itself: ${outbox.rows.size} commands, ${cache.tickets.size} tickets`,
    };
  }
  if (!used) return { rule: 'SY10', what: `${name} is not signed in` };
  let waiting = outbox.owed.size;
  for (const id of outbox.open) {
    if (outbox.rows.get(id)?.kind === 'command') waiting += 1;
    else if (!outbox.quarantined.has(id))
      return { rule: 'SY9', what: `${name} tells nobody that row ${id} cannot be read` };
  }
  if (waiting > 0) return { rule: 'SY16', what: `${name} still has ${waiting} commands to send` };
  const files = filesToSend(machine).length;
  if (files > 0) return { rule: 'SY16', what: `${name} still has ${files} files to send` };
  if (machine.old) return null;
  const state = simulation.desk.state();
  const { meta } = cache;
  if (meta.fill !== null || !meta.caughtUp) return { rule: 'SY10', what: `${name} has not caught up` };
  // After a silent restore the log may have grown to the same number again: the place is told by its hash.
  const hash = state.log.at(-1)?.hash ?? LOG_START;
  if (meta.cursor !== state.lastSeq || meta.logHash !== hash || meta.epoch !== state.desk.epoch)
    return { rule: 'SY10', what: `${name} stands at ${meta.cursor} of the log, whose head is ${state.lastSeq}` };
  return null;
}

function checkPulled(simulation: Simulation, machine: Machine, head: number): void {
  const { meta } = machine.disk.cache;
  if (machine.old || simulation.isRevoked(machine) || meta.epoch !== simulation.desk.state().desk.epoch) return;
  if (meta.fill === null && (meta.cursor ?? 0) < head)
    simulation.court.accuse(
      'SY10',
      `console ${machine.number} (${machine.user}) stands at ${meta.cursor}, where the head was ${head} ${PULL_MS / 1000} s before`,
    );
}

/** Lets time pass until nothing is left to do; accuses where it does not come to that. False: a rule was broken. */
export function waitUntilSettled(
  simulation: Simulation,
  fromMs: number,
  boundMs: number,
): { ok: boolean; atMs: number } {
  const { machines, court, desk } = simulation;
  const { lastSeq } = desk.state();
  let atMs = fromMs;
  for (; atMs < fromMs + boundMs; atMs += LOOK_MS) {
    if (!simulation.run(atMs)) return { ok: false, atMs };
    if (atMs - fromMs === PULL_MS) for (const machine of machines) checkPulled(simulation, machine, lastSeq);
    if (machines.every((machine) => unsettled(simulation, machine) === null)) return { ok: true, atMs };
  }
  for (const machine of machines) {
    const left = unsettled(simulation, machine);
    if (left !== null) court.accuse(left.rule, `${left.what}, ${boundMs / 1000} s after all was put right`);
  }
  return { ok: false, atMs };
}
