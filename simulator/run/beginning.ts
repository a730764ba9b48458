import type { Disk } from '../console/disk.ts';
import { noPlant } from '../plants/plant.ts';
import { accounts, directory } from '../world/organisation.ts';
import { createPersons } from './deeds.ts';
import { waitUntilSettled } from './heal.ts';
import { type Beginning, createSimulation } from './simulation.ts';
import { noTrace } from './trace.ts';

/** Tickets that everybody knows when a history begins. */
const HOT_TICKETS = 5;

/**
 * Plays the day before: a directory, seven accounts that sign in and fill their caches, a few calls. The same for every seed, so it
 * is played once a process, by the same code that histories run on.
 */
export function createBeginning(): Beginning {
  const consoles = accounts.map(({ user }) => ({ user, skewMs: 0, fresh: true, old: false }));
  const simulation = createSimulation({
    plan: { noise: 20261103, consoles, stores: 1, slowDesk: 0 },
    beginning: null,
    plant: noPlant,
    strict: true,
    traceWith: () => noTrace,
  });
  const { desk, machines, observers } = simulation;
  for (const { accountId, personId, role, sites, everything } of accounts) {
    const siteGrants = sites.map((targetId) => ({ kind: 'site' as const, targetId }));
    const grants = everything ? [{ kind: 'everything' as const, targetId: '' }] : siteGrants;
    desk.putAccount({ id: accountId, personId, role, actOnBehalf: false, revokedAt: null, grants });
  }
  for (const entity of ['site', 'orgUnit', 'service', 'team', 'person', 'membership', 'asset'] as const)
    for (const row of directory[entity])
      desk.putDirectory([{ entity, row } as Parameters<typeof desk.putDirectory>[0][number]]);

  const persons = createPersons(simulation);
  for (const machine of machines) machine.boot();
  for (const machine of machines) persons.signInWhereNeeded(machine);
  settle(1_000);
  observers.rightsChanged();
  for (let n = 0; n < HOT_TICKETS; n += 1) {
    const act = {
      kind: 'register',
      c: n,
      arg: n * 3 + 1,
      claim: n === 1,
      resolve: false,
      draftMs: null,
      splitOff: null,
      twiceMs: null,
    } as const;
    persons.perform(act);
  }
  const at = settle(10_000);
  const disks = new Map<string, Disk>();
  for (const machine of machines) {
    machine.kill(true);
    disks.set(machine.user, machine.disk);
  }
  const { model } = observers;
  return {
    at: simulation.startedAt + at + 600_000,
    desk: desk.backup(),
    sessions: simulation.sessions.image(),
    model,
    disks,
  };

  function settle(fromMs: number): number {
    const { ok, atMs } = waitUntilSettled(simulation, fromMs, 60_000);
    const verdict = simulation.court.verdict();
    if (!ok || verdict !== null) throw new Error(`the day before went wrong: ${verdict?.rule} ${verdict?.text}`);
    return atMs;
  }
}
