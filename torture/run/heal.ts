import type { Database } from '../../src/store/db/pool.ts';
import type { Ledger } from '../observe/ledger.ts';
import { createSettlement, type Head } from '../observe/settled.ts';
import { headOf } from '../observe/store-facts.ts';
import type { Persons } from './deeds.ts';
import type { Evidence } from './evidence.ts';
import type { Faults } from './faults.ts';
import type { Locks } from './locks.ts';
import type { Rig } from './rig.ts';
import type { Waits } from './stages.ts';

/** SY10: within this time of healing everything agrees. */
export const BOUND_MS = 30_000;
const LOOK_EVERY_MS = 300;
const CUT_HEARD_MS = 1_000;

export interface HealDeps {
  readonly rig: Rig;
  readonly locks: Locks;
  readonly faults: Faults;
  readonly waits: Waits;
}
/**
 * Puts everything right. When it resolves the time of SY10 begins.
 *
 * @returns false where a store or a console does not start, which is accused: there is nothing to wait for
 */
export async function putRight({ rig, locks, faults, waits }: HealDeps): Promise<boolean> {
  faults.stop();
  faults.endLasting();
  await waits.on('the faults to be over', locks.idle());
  faults.endLasting();
  const answer = await Promise.all(
    rig.stores.map((store) => waits.on(`store ${store.number} to answer`, store.start())),
  );
  const start = await Promise.all(
    rig.posts.map(({ machine }) => waits.on(`console ${machine.number} to start`, faults.startConsole(machine))),
  );
  // The network is back: what hung is gone, and each person tries again.
  for (const { link } of rig.posts) link.cutAll();
  // A person presses it after that, not before the console has heard of the cut: it would wait out its pause from then on.
  await new Promise((resolve) => setTimeout(resolve, CUT_HEARD_MS));
  for (const { machine } of rig.posts)
    await waits.on(`console ${machine.number} to try again`, machine.call('connection.retryNow', {}));
  return [...answer, ...start].every(Boolean);
}

/**
 * Waits until every console is where the store is; later than agreed, and never, is accused.
 *
 * @returns milliseconds since everything had been put right; null: never
 */
export async function agree(deps: {
  rig: Rig;
  db: Database;
  ledger: Ledger;
  persons: Persons;
  evidence: Evidence;
  waits: Waits;
  /** How long is waited on behind the bound, to tell what is late from what never comes. */
  patienceMs: number;
  over: AbortSignal;
}): Promise<number | null> {
  const { rig, db, ledger, persons, evidence, waits, patienceMs, over } = deps;
  const began = performance.now();
  const settlement = createSettlement(`http://127.0.0.1:${rig.stores[0]?.port}`, ledger);
  const lacking = new Map<number, string>();
  let told = '';
  try {
    while (!over.aborted) {
      const at: Head = await waits.on('the head of the log', headOf(db, rig.deskId));
      lacking.clear();
      for (const { machine } of rig.posts) {
        const look = async () => {
          await persons.signInWhereNeeded(machine);
          return settlement.lacks(machine, at);
        };
        const lack = await waits.on(`console ${machine.number} to say where it stands`, look());
        if (lack !== null) lacking.set(machine.number, lack);
      }
      const took = performance.now() - began;
      const now = [...lacking].map(([number, lack]) => `console ${number}: ${lack}`).join('; ');
      if (now !== told) evidence.note(now === '' ? 'nobody lacks anything' : `lacking: ${now}`);
      told = now;
      const after = await waits.on('the head of the log', headOf(db, rig.deskId));
      if (lacking.size === 0 && after.head === at.head && after.epoch === at.epoch) {
        const ms = Math.round(took);
        if (ms > BOUND_MS) evidence.accuse('SY10', `everything agreed after ${ms} ms, later than ${BOUND_MS} ms`);
        return ms;
      }
      if (took > BOUND_MS + patienceMs) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    await settlement.close();
  }
  for (const [number, lack] of lacking) evidence.accuse('SY10', `console ${number}: ${lack}`);
  if (lacking.size === 0) evidence.accuse('SY10', 'the log of the store did not come to rest');
  return null;
}
