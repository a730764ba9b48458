import type { Chance } from '../../simulator/time/chance.ts';
import { CONSOLES, smallDisks } from './draw-plan.ts';
import { type Fault, linkTroubles, type Step } from './plan.ts';

const MINUTE_MS = 60_000;
/** The first seconds are for signing in and the first fills, the last ones for what was begun. */
const QUIET_START_MS = 6_000;
const QUIET_END_MS = 4_000;

interface Kind {
  /** With all consoles. */
  readonly perMinute: number;
  /** However short the run. */
  readonly least: number;
  readonly draw: (chance: Chance, consoles: number) => Fault;
}
const places = (chance: Chance) => Array.from({ length: chance.between(1, 6) }, () => chance.fraction());

const kinds: readonly Kind[] = [
  {
    perMinute: 5,
    least: 3,
    draw: (chance, consoles) => ({ kind: 'killConsole', c: chance.below(consoles), downMs: chance.between(0, 4_000) }),
  },
  {
    perMinute: 6,
    least: 4,
    draw: (chance, consoles) => ({
      kind: 'dieInWrite',
      c: chance.below(consoles),
      moment: chance.happens(0.7) ? 'inside' : 'committed',
      after: chance.between(1, 6),
      downMs: chance.between(0, 3_000),
    }),
  },
  {
    perMinute: 2,
    least: 1,
    draw: (chance) => ({ kind: 'killStore', s: chance.below(2), downMs: chance.between(0, 5_000) }),
  },
  {
    perMinute: 3,
    least: 2,
    draw: (chance) => ({
      kind: 'killInAnswer',
      s: chance.below(2),
      moment: chance.happens(0.75) ? 'after' : 'before',
      downMs: chance.between(0, 3_000),
    }),
  },
  { perMinute: 0.5, least: 1, draw: (chance) => ({ kind: 'restartPostgres', downMs: chance.between(0, 3_000) }) },
  { perMinute: 0.7, least: 1, draw: (chance) => ({ kind: 'killPostgres', downMs: chance.between(0, 3_000) }) },
  {
    perMinute: 1,
    least: 2,
    draw: (chance, consoles) => ({
      kind: 'fillDisk',
      c: consoles - 1 - chance.below(smallDisks(consoles)),
      leave: chance.below(40) * 1_024,
      ms: chance.between(3_000, 10_000),
    }),
  },
  {
    perMinute: 1,
    least: 1,
    draw: (chance, consoles) => ({
      kind: 'flipCache',
      c: chance.below(consoles),
      places: places(chance),
      downMs: chance.below(2_000),
    }),
  },
  {
    perMinute: 0.8,
    least: 1,
    draw: (chance, consoles) => ({
      kind: 'flipOutbox',
      c: chance.below(consoles),
      places: places(chance),
      downMs: chance.below(2_000),
    }),
  },
  {
    perMinute: 20,
    least: 8,
    draw: (chance, consoles) => ({
      kind: 'link',
      c: chance.below(consoles),
      trouble: chance.pick(linkTroubles),
      ms: chance.between(3_000, 18_000),
    }),
  },
  { perMinute: 4, least: 2, draw: (chance, consoles) => ({ kind: 'cutLink', c: chance.below(consoles) }) },
];

/** @returns faults of every kind, over the whole time, restores a while after the backup that they put back. */
export function drawFaults(chance: Chance, horizonMs: number, consoles: number): Step[] {
  const end = Math.max(QUIET_START_MS + 1_000, horizonMs - QUIET_END_MS);
  const minutes = horizonMs / MINUTE_MS;
  const steps: Step[] = [];
  for (const { perMinute, least, draw } of kinds) {
    const count = Math.max(least, Math.round((perMinute * minutes * consoles) / CONSOLES));
    for (let n = 0; n < count; n += 1)
      steps.push({ at: chance.between(QUIET_START_MS, end), ...draw(chance, consoles) });
  }
  const restores = Math.max(1, Math.round(minutes / 4));
  for (let n = 0; n < restores; n += 1) {
    const from = QUIET_START_MS + ((end - QUIET_START_MS) * n) / restores;
    const span = (end - QUIET_START_MS) / restores;
    steps.push({ at: Math.round(from + span * (0.1 + 0.3 * chance.fraction())), kind: 'backup' });
    steps.push({ at: Math.round(from + span * (0.5 + 0.3 * chance.fraction())), kind: 'restore' });
  }
  const clones = Math.max(1, Math.min(3, Math.round(minutes / 4)));
  for (let n = 0; n < clones; n += 1) {
    // Each of another console, and all of them copied while there is time for both to go on.
    const at = chance.between(QUIET_START_MS + 5_000, Math.max(QUIET_START_MS + 6_000, Math.round(end * 0.7)));
    steps.push({ at, kind: 'clone', c: (chance.below(2) + 2 * n) % (consoles - smallDisks(consoles)) });
  }
  return steps;
}
