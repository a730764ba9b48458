import type { Outcome } from '../../src/protocol/sync/command.ts';
import type { StoreModel } from '../observe/store-model.ts';
import type { Violation } from '../observe/violation.ts';
import { isDeed, type Plan, type Step } from '../plan/plan.ts';
import { noPlant, type Plant } from '../plants/plant.ts';
import { assertDrains } from '../time/drain.ts';
import { guarded } from '../time/guard.ts';
import { createPersons } from './deeds.ts';
import { createFaults } from './faults.ts';
import { HEALING_MS, isStranded, putRight, waitUntilSettled } from './heal.ts';
import { type Beginning, createSimulation, type Simulation } from './simulation.ts';
import { noTrace, type Trace } from './trace.ts';

export interface HistoryOptions {
  readonly beginning: Beginning;
  readonly plant?: Plant;
  readonly strict?: boolean;
  /** Say what became of each command. */
  readonly verdicts?: boolean;
  readonly traceWith?: (elapsed: () => number) => Trace;
}
export interface HistoryResult {
  /** Null: every rule held. */
  readonly violation: Violation | null;
  readonly consoles: number;
  /** Commands that the store has in the end. */
  readonly commands: number;
  readonly faults: number;
  /** Events of virtual time. */
  readonly events: number;
  readonly virtualMs: number;
  /** What became of each command, in order of receipt. */
  readonly verdicts: readonly string[];
}

/** After a new contact, damage to a base is found and mended within this. */
const MENDING_MS = 60_000;
/** How often a person looks whether the screen asks for a password. */
const GLANCE_MS = 7_000;

/** Plays one plan to its end, or to the first broken rule. Synchronous: call it at the start of a turn of the event loop. */
export function runHistory(plan: Plan, options: HistoryOptions): HistoryResult {
  assertDrains();
  let rejected: unknown = null;
  const onRejection = (reason: unknown) => {
    rejected ??= reason;
  };
  process.on('unhandledRejection', onRejection);
  try {
    return guarded(() => play(plan, options, () => rejected));
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}

function play(plan: Plan, options: HistoryOptions, rejection: () => unknown): HistoryResult {
  const simulation = createSimulation({
    plan,
    beginning: options.beginning,
    plant: options.plant ?? noPlant,
    strict: options.strict ?? false,
    traceWith: options.traceWith ?? (() => noTrace),
  });
  const { scheduler, observers, court, trace } = simulation;
  const before = observers.model.commands().size;
  const persons = createPersons(simulation);
  const faults = createFaults(simulation);
  const glance = () => {
    for (const machine of simulation.machines) persons.signInWhereNeeded(machine);
    scheduler.after(GLANCE_MS, glance);
  };
  for (const machine of simulation.machines) faults.start(machine);
  scheduler.after(50, glance);

  let struck = 0;
  let atMs = 0;
  const perform = (step: Step) => {
    if (trace.on) trace.line(`> ${JSON.stringify(step)}`);
    if (isDeed(step)) persons.perform(step);
    else {
      struck += 1;
      faults.strike(step);
    }
  };
  const played = plan.steps.every((step) => {
    if (!simulation.run(step.at)) return false;
    perform(step);
    observers.ledger.checkKept();
    observers.files.check();
    return court.verdict() === null;
  });
  if (played && simulation.run(plan.horizonMs)) atMs = finish(simulation, faults, plan);
  const reason = rejection();
  if (reason !== null)
    court.accuse('BUG', `a rejection that nobody took: ${reason instanceof Error ? reason.stack : String(reason)}`);
  for (const machine of simulation.machines) machine.kill(false);
  return {
    violation: court.verdict(),
    consoles: simulation.machines.length,
    commands: observers.model.commands().size - before,
    faults: struck,
    events: scheduler.fired(),
    virtualMs: atMs,
    verdicts: options.verdicts ? verdictsOf(observers.model) : [],
  };
}

const verdictsOf = (model: StoreModel): string[] =>
  [...model.commands()].map(([id, { outcome }]) => {
    const { verdict } = JSON.parse(outcome) as Outcome;
    return `${id} ${verdict.kind === 'refused' ? verdict.refusal.code : verdict.kind}`;
  });

/** Everything is put right, and every rule has to hold in the end. */
function finish(simulation: Simulation, faults: ReturnType<typeof createFaults>, plan: Plan): number {
  const { machines, observers, court, trace } = simulation;
  trace.line('all is put right');
  putRight(simulation, faults);
  let end = waitUntilSettled(simulation, plan.horizonMs, HEALING_MS);
  if (!end.ok) return end.atMs;
  // What lags over a full disk, or was damaged from outside, is mended at the next contact.
  const anew = machines.filter(
    (machine) => observers.lagging.has(machine) || (observers.spoilt.get(machine)?.size ?? 0) > 0,
  );
  if (anew.length > 0) {
    for (const machine of anew) {
      machine.kill(false);
      faults.start(machine);
    }
    const damaged = () => anew.some((machine) => (observers.spoilt.get(machine)?.size ?? 0) > 0);
    let atMs = end.atMs + 1_000;
    while (damaged() && atMs < end.atMs + MENDING_MS && simulation.run(atMs)) atMs += 1_000;
    end = waitUntilSettled(simulation, atMs, HEALING_MS);
    if (!end.ok) return end.atMs;
  }
  observers.spoilt.clear();
  observers.ledger.checkKept();
  const stranded = new Set(machines.filter((machine) => isStranded(simulation, machine)));
  observers.ledger.checkSettled(stranded);
  observers.files.check();
  observers.files.checkSettled(stranded);
  for (const { command, carriedAt } of simulation.desk.state().orphans.values())
    if (carriedAt === null && simulation.desk.state().tickets.has(command.ticketId))
      court.accuse('SY14', `command ${command.id} waits for ticket ${command.ticketId}, which is there`);
  for (const machine of machines) {
    if (simulation.isRevoked(machine) || machine.old) continue;
    observers.base.compareAll(machine);
    observers.shown.lookAtAll(machine);
  }
  if (court.verdict() === null) trace.line('every rule held');
  return end.atMs;
}
