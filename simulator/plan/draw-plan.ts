import { commandTypes } from '../../src/domain/commands.ts';
import { type Chance, createChance } from '../time/chance.ts';
import { accounts } from '../world/organisation.ts';
import { drawFault } from './draw-faults.ts';
import type { ActType, ConsolePlan, Deed, Plan, PlannedAct, Step } from './plan.ts';

/** Least of each history, however it is drawn. */
export const LEAST = { consoles: 3, commands: 60, faults: 20 } as const;

/** More than the least: some meet a console that is off, or a rule that refuses them before they are written. */
const PLANNED_COMMANDS = 104;

/** What people do most; every other type comes up too. */
const usual: readonly ActType[] = [
  'addNote',
  'claim',
  'reassign',
  'changeStatus',
  'editFields',
  'escalate',
  'resolve',
  'accept',
];
const every = commandTypes.filter((type): type is ActType => !['register', 'split', 'linkRequester'].includes(type));
const TEN_YEARS_MS = 3_652 * 86_400_000;

/** The plan that follows from a seed. */
export function drawPlan(seed: number): Plan {
  const chance = createChance(seed);
  const consoles = drawConsoles(chance);
  // Now and then long enough for tokens to end and for streams to be given up.
  const horizonMs = chance.happens(0.02) ? chance.between(900, 1_500) * 1_000 : chance.between(12, 40) * 1_000;
  const bursts = Array.from({ length: chance.between(3, 5) }, () => chance.below(horizonMs - 4_000));
  const when = () => Math.max(0, Math.min(horizonMs - 1, chance.pick(bursts) + chance.below(3_000)));
  const anyTime = () => (chance.happens(0.6) ? when() : chance.below(horizonMs));
  const steps: Step[] = [];

  let commands = 0;
  while (commands < PLANNED_COMMANDS) {
    const deed = drawDeed(chance, consoles.length);
    commands += commandsOf(deed);
    steps.push({ at: when(), ...deed });
  }
  const faults = chance.between(LEAST.faults, LEAST.faults + 4);
  const deeds = steps.length;
  while (steps.length < faults + deeds) {
    for (const fault of drawFault(chance, consoles))
      steps.push({ at: anyTime() + (fault.laterMs ?? 0), ...fault.fault });
  }
  steps.push(...drawFiles(createChance(seed, FILES), consoles.length, horizonMs));
  steps.sort((a, b) => a.at - b.at);
  return {
    version: 1,
    noise: seed,
    consoles,
    stores: chance.happens(0.2) ? 3 : 2,
    slowDesk: chance.happens(0.3) ? chance.between(5, 60) : 0,
    horizonMs: Math.max(horizonMs, (steps.at(-1)?.at ?? 0) + 1_000),
    steps,
  };
}

function drawConsoles(chance: Chance): ConsolePlan[] {
  const users = accounts.map(({ user }) => user);
  const count = chance.happens(0.25) ? 4 : LEAST.consoles;
  return Array.from({ length: count }, (): ConsolePlan => {
    const user = users.splice(chance.below(users.length), 1)[0] ?? 'ana';
    const skewMs = chance.happens(0.15)
      ? chance.pick([-TEN_YEARS_MS, TEN_YEARS_MS])
      : chance.happens(0.2)
        ? chance.between(-600_000, 600_000)
        : chance.between(-4_000, 4_000);
    return { user, skewMs, fresh: chance.happens(0.08), old: chance.happens(0.02) };
  });
}

/** A stream of its own: what else a seed draws does not hang on files. */
const FILES = 7;
/** In every fourth history some of them attach files. */
function drawFiles(chance: Chance, consoles: number, horizonMs: number): Step[] {
  if (!chance.happens(0.25)) return [];
  return Array.from({ length: chance.between(3, 10) }, () => ({
    at: chance.below(horizonMs),
    kind: 'attach' as const,
    c: chance.below(consoles),
    pick: drawPick(chance),
    size: chance.happens(0.3) ? chance.between(200_000, 700_000) : chance.between(1, 40_000),
    arg: chance.below(1_000_000),
  }));
}

/** Few tickets on purpose: everybody meets everybody. */
const drawPick = (chance: Chance): number => (chance.happens(0.6) ? chance.below(4) : chance.below(40));
const drawAct = (chance: Chance): PlannedAct => ({
  type: chance.pick(chance.happens(0.7) ? usual : every),
  pick: drawPick(chance),
  arg: chance.below(1_000),
});
const drawTwice = (chance: Chance): number | null => (chance.happens(0.08) ? chance.below(2_500) : null);

export function drawDeed(chance: Chance, consoles: number): Deed {
  const c = chance.below(consoles);
  const roll = chance.fraction();
  if (roll < 0.66) {
    const acts = Array.from({ length: chance.between(2, 9) }, () => drawAct(chance));
    return { kind: 'acts', c, acts, atomic: chance.happens(0.2), twiceMs: drawTwice(chance) };
  }
  if (roll < 0.86) {
    const resolve = chance.happens(0.25);
    return {
      kind: 'register',
      c,
      arg: chance.below(1_000),
      claim: resolve || chance.happens(0.4),
      resolve,
      draftMs: chance.happens(0.3) ? chance.between(50, 2_500) : null,
      splitOff: chance.happens(0.15) ? drawPick(chance) : null,
      twiceMs: drawTwice(chance),
    };
  }
  if (roll < 0.93) return { kind: 'reapply', c, pick: chance.below(8) };
  if (roll < 0.96) return { kind: 'dismiss', c, pick: chance.below(8) };
  if (roll < 0.98) return { kind: 'markSeen', c, pick: chance.below(8) };
  if (roll < 0.99) return { kind: 'signOut', c, awayMs: chance.below(8_000) };
  return { kind: 'retryNow', c };
}

function commandsOf(deed: Deed): number {
  if (deed.kind === 'acts') return deed.acts.length;
  return deed.kind === 'register' ? 1 + Number(deed.claim) + Number(deed.resolve) : 0;
}
