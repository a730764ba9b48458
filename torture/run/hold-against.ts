import type { DeskReport } from '../../src/store/admin/verify.ts';
import type { Database } from '../../src/store/db/pool.ts';
import type { OutboxLine } from '../console/files.ts';
import { type Comparison, compare } from '../observe/compare.ts';
import type { Ledger } from '../observe/ledger.ts';
import { readStore } from '../observe/store-facts.ts';
import type { Evidence } from './evidence.ts';
import type { Rig } from './rig.ts';
import type { Waits } from './stages.ts';

export interface Held extends Comparison {
  readonly atStore: { readonly commands: number; readonly refused: number; readonly entries: number };
}

/** All that was shown against the tables of the store and the files of the consoles. What differs is accused. */
export async function holdAgainst(deps: {
  rig: Rig;
  db: Database;
  ledger: Ledger;
  evidence: Evidence;
  waits: Waits;
  verify: () => Promise<DeskReport>;
}): Promise<Held> {
  const { rig, db, ledger, evidence, waits } = deps;
  const facts = await waits.on('the tables of the store', readStore(db, rig.deskId));
  const outboxes = new Map<number, readonly OutboxLine[]>();
  for (const { machine } of rig.posts) {
    const lines = await waits.on(`the outbox of console ${machine.number}`, machine.read('outbox'));
    if (lines === null) evidence.accuse('BUG', `console ${machine.number} does not give its outbox`);
    outboxes.set(machine.number, lines ?? []);
  }
  const comparison = compare(ledger, facts, outboxes);
  for (const { rule, words } of comparison.breaches) evidence.accuse(rule, words);
  const { faults, entries } = await waits.on('the verification of the desk', deps.verify());
  for (const fault of faults) evidence.accuse('VERIFY', fault);
  const stored = [...facts.commands.values()];
  const refused = stored.filter((command) => command.refused).length;
  return { ...comparison, atStore: { commands: stored.length, refused, entries } };
}
