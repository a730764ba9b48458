import { atCopy } from '../plan/draw-plan.ts';
import { isDeed, type Plan } from '../plan/plan.ts';
import type { Persons } from './deeds.ts';
import type { Evidence } from './evidence.ts';
import type { Faults } from './faults.ts';
import { createLocks } from './locks.ts';
import type { Rig } from './rig.ts';

const SESSIONS_EVERY_MS = 1_000;
const SAY_EVERY_MS = 10_000;
/** A deed waits for the one before it at its console, no longer than this. */
const TOO_LATE_MS = 10_000;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface PlayDeps {
  readonly plan: Plan;
  readonly rig: Rig;
  readonly faults: Faults;
  readonly persons: Persons;
  readonly evidence: Evidence;
  /** Nothing is begun any more once it is aborted. */
  readonly over: AbortSignal;
  readonly say: () => void;
}
/** Plays the steps at their time. One console's deeds follow one another. What of the harness itself failed is accused. */
export async function play({ plan, rig, faults, persons, evidence, over, say }: PlayDeps): Promise<void> {
  const lines = createLocks();
  const began = performance.now();
  let ended = false;
  const sessions = (async () => {
    while (!ended && !over.aborted) {
      await Promise.all(rig.posts.map(({ machine }) => persons.signInWhereNeeded(machine)));
      await sleep(SESSIONS_EVERY_MS);
    }
  })();
  const progress = setInterval(say, SAY_EVERY_MS);
  try {
    for (const step of plan.steps) {
      await sleep(Math.max(0, step.at - (performance.now() - began)));
      if (over.aborted) return;
      if (isDeed(step)) {
        // Every copy of a console works as its original does.
        for (const [copy, { machine }] of withCopies(rig, plan.consoles, step.c).entries())
          void lines.run([String(machine.number)], async () => {
            if (performance.now() - began > step.at + TOO_LATE_MS) persons.comesTooLate();
            else await persons.perform(machine, atCopy(step, copy));
          });
        continue;
      }
      evidence.note(JSON.stringify(step));
      faults.make(step).catch((error: unknown) => evidence.accuse('HARNESS', `${step.kind}: ${String(error)}`));
    }
    await lines.idle();
    ended = true;
    await sessions;
  } finally {
    clearInterval(progress);
  }
}
const withCopies = (rig: Rig, consoles: number, c: number) =>
  rig.posts.filter(({ machine }, n) => n === c || (n >= consoles && machine.user === rig.posts[c]?.machine.user));
