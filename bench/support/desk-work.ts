import { createPasswords } from '../../src/store/auth/passwords.ts';
import { sha256 } from '../../src/store/commands/sha256.ts';
import { createDeskStore } from '../../src/store/db/desk-store.ts';
import type { Database } from '../../src/store/db/pool.ts';
import type { PlannedCommand } from '../../src/store/import/planned-command.ts';
import { ensureProgram } from '../../src/store/import/program-principal.ts';
import { submitPlan } from '../../src/store/import/submit-plan.ts';
import { createDice } from '../../src/store/seed/trial/dice.ts';
import { scenarios } from '../../src/store/seed/trial/scenarios.ts';
import { GENERATED_UNTIL, generatedOrganisation, note, plannedTickets, timedId } from './generated-desk.ts';

const DAY = 86_400_000;
/** Of a hundred new tickets: registration, two notes, claim of 80, solution of 64 come to 4.4 acts a ticket. */
const NEW = { claimed: 80, resolved: 80 };
const ACTS_A_NEW_TICKET = 4.4;

export const workBegins = (days: number): number => GENERATED_UNTIL - days * DAY;

export interface WorkOptions {
  /** Of the generated desk. */
  readonly seed: number;
  readonly days: number;
  readonly actsADay: number;
  /** Older tickets on which people go on. */
  readonly ticketIds: readonly string[];
}

/**
 * What a desk does in its last days before `GENERATED_UNTIL`, in order of time: half of the acts are notes on older tickets, the other half whole
 * histories of new ones. Exactly `days × actsADay` acts.
 */
export function plannedWork({ seed, days, actsADay, ticketIds }: WorkOptions): PlannedCommand[] {
  const { org } = generatedOrganisation(seed);
  const dice = createDice(seed + 2);
  const span = { from: workBegins(days), until: GENERATED_UNTIL };
  const acts = days * actsADay;
  const tickets = Math.ceil(acts / 2 / ACTS_A_NEW_TICKET);
  const fresh = [...plannedTickets({ seed: seed + 3, tickets, ...NEW }, org, span)]
    .flat()
    .slice(0, Math.floor(acts / 2));
  const notes = Array.from({ length: acts - fresh.length }, (_, n): PlannedCommand => {
    const at = span.from + Math.floor(((span.until - span.from) * n) / acts);
    const { personId } = dice.pick(org.memberships);
    const command = note(dice, dice.pick(scenarios).notes, n);
    return { id: timedId(dice, at), ticketId: dice.pick(ticketIds), personId, at, command };
  });
  // A history stays in its own order: its acts are a minute apart.
  return [...fresh, ...notes].sort((a, b) => a.at - b.at);
}

/** Lets the desk do it, by the store's own processing of commands, on a chain of its own. Gives how many acts took effect. */
export async function doWork(db: Database, options: WorkOptions): Promise<number> {
  const { program } = generatedOrganisation(options.seed);
  const principal = await ensureProgram({ db, passwords: createPasswords() }, program);
  const incarnation = createDice(options.seed).id('generated', 'work');
  const deps = { desks: createDeskStore(db), now: Date.now, sha256, principal, incarnation };
  const done = await submitPlan(
    { ...deps, onProgress: () => undefined, shouldStop: () => false },
    plannedWork(options),
  );
  if (!done.ok) throw new Error(done.error.code);
  const { refused, total } = done.value;
  if (refused[0] !== undefined) throw new Error(`${refused.length} acts were refused: ${refused[0].code}`);
  return total;
}
