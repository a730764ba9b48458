import type { Database } from '../../src/store/db/pool.ts';
import type { Breach } from '../observe/compare.ts';
import type { Ledger } from '../observe/ledger.ts';
import { createSettlement, type Head } from '../observe/settled.ts';
import { headOf } from '../observe/store-facts.ts';
import type { Persons } from './deeds.ts';
import type { Faults } from './faults.ts';
import type { Locks } from './locks.ts';
import type { Rig } from './rig.ts';

/** SY10: within this time of healing everything agrees. */
const BOUND_MS = 30_000;
/** How long is waited on, to tell what is late from what never comes. */
const PATIENCE_MS = 150_000;
const LOOK_EVERY_MS = 300;

export interface Healed {
  /** Null: never. */
  readonly ms: number | null;
  readonly breaches: readonly Breach[];
}

/** Puts everything right, then waits until every console is where the store is. */
export async function heal(deps: {
  rig: Rig;
  db: Database;
  ledger: Ledger;
  locks: Locks;
  faults: Faults;
  persons: Persons;
}): Promise<Healed> {
  const { rig, db, ledger, locks, faults, persons } = deps;
  faults.stop();
  faults.endLasting();
  await locks.idle();
  faults.endLasting();
  await Promise.all(rig.stores.map((store) => store.start()));
  await Promise.all(rig.posts.map(({ machine }) => faults.startConsole(machine)));
  // The network is back: what hung is gone, and each person tries again.
  for (const { link } of rig.posts) link.cutAll();
  for (const { machine } of rig.posts) await machine.call('connection.retryNow', {});

  const began = performance.now();
  const settlement = createSettlement(`http://127.0.0.1:${rig.stores[0]?.port}`, ledger);
  const lacking = new Map<number, string>();
  try {
    for (;;) {
      const at: Head = await headOf(db, rig.deskId);
      lacking.clear();
      for (const { machine } of rig.posts) {
        await persons.signInWhereNeeded(machine);
        const lack = await settlement.lacks(machine, at);
        if (lack !== null) lacking.set(machine.number, lack);
      }
      const took = performance.now() - began;
      const after = await headOf(db, rig.deskId);
      if (lacking.size === 0 && after.head === at.head && after.epoch === at.epoch) {
        const late = `everything agreed after ${Math.round(took)} ms, later than ${BOUND_MS} ms`;
        return { ms: Math.round(took), breaches: took > BOUND_MS ? [{ rule: 'SY10', words: late }] : [] };
      }
      if (took > PATIENCE_MS) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    await settlement.close();
  }
  const breaches = [...lacking].map(([number, lack]) => ({ rule: 'SY10', words: `console ${number}: ${lack}` }));
  return { ms: null, breaches };
}
