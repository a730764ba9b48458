import type { Chance } from '../time/chance.ts';
import { accounts, ids } from '../world/organisation.ts';
import { type ConsolePlan, calls, type Fault } from './plan.ts';

/** A fault, and how long after the drawn moment it strikes: some come in pairs. */
export interface DrawnFault {
  readonly fault: Fault;
  readonly laterMs?: number;
}
interface Draw {
  readonly chance: Chance;
  readonly consoles: readonly ConsolePlan[];
  readonly c: number;
}

const TEN_YEARS_MS = 3_652 * 86_400_000;
const someSites = [ids.lima, ids.puno, ids.cusco];
const someTeams = [ids.mesa, ids.mesaPuno, ids.redes, ids.sistemas, ids.proveedor];
const subset = (chance: Chance, of: readonly string[], share: number): string[] =>
  of.filter(() => chance.happens(share));
const one = (fault: Fault): readonly DrawnFault[] => [{ fault }];

/** What can go wrong, with its weight. */
const kinds: readonly (readonly [weight: number, draw: (draw: Draw) => readonly DrawnFault[]])[] = [
  [12, ({ chance, c }) => one({ kind: 'cut', c, ms: chance.between(200, 20_000) })],
  [5, ({ chance, c }) => one({ kind: 'halfOpen', c, ms: chance.between(500, 25_000) })],
  [4, ({ chance, c }) => one({ kind: 'holdPoke', c, ms: chance.between(5_000, 60_000) })],
  [6, ({ chance, c }) => one({ kind: 'loss', c, ms: chance.between(1_000, 15_000), asked: 0.2, answered: 0.3 })],
  [
    5,
    ({ chance, c }) => one({ kind: 'slow', c, ms: chance.between(1_000, 15_000), delayMs: chance.between(100, 4_000) }),
  ],
  [
    10,
    ({ chance, c }) =>
      one({
        kind: 'loseAnswer',
        c,
        call: chance.happens(0.7) ? 'push' : chance.pick(calls),
        count: chance.between(1, 2),
      }),
  ],
  [
    7,
    ({ chance, c }) =>
      one({
        kind: 'duplicate',
        c,
        call: chance.happens(0.7) ? 'push' : chance.pick(calls),
        afterMs: chance.below(6_000),
      }),
  ],
  [
    4,
    ({ chance, c }) =>
      chance.happens(0.15)
        ? // A store that sends pushes away for long: nobody may stop hearing for it.
          one({ kind: 'retryAfter', c, call: 'push', count: 1, ms: chance.between(200, 280) * 1_000 })
        : one({
            kind: 'retryAfter',
            c,
            call: chance.pick(['push', 'pull', 'hello']),
            count: 1,
            ms: chance.between(0, 5) * 1_000,
          }),
  ],
  [5, ({ chance, c }) => one({ kind: 'cutPull', c, after: chance.below(4) })],
  [6, ({ chance, c }) => one({ kind: 'crash', c, downMs: chance.between(50, 8_000) })],
  [8, ({ chance, c }) => one({ kind: 'dieAt', c, write: chance.below(9), downMs: 1_500 })],
  [3, ({ chance, c }) => one({ kind: 'powerCut', c, lost: chance.below(6), downMs: chance.between(500, 6_000) })],
  [
    4,
    ({ chance, c }) =>
      one({ kind: 'diskFull', c, ms: chance.between(500, 12_000), what: chance.happens(0.5) ? 'all' : 'commit' }),
  ],
  [2, ({ chance, c }) => one({ kind: 'spoilRow', c, pick: chance.below(4) })],
  [2, ({ chance, c }) => one({ kind: 'spoilCache', c, pick: chance.below(12) })],
  [2, ({ chance, c }) => one({ kind: 'clone', c, downMs: chance.between(100, 10_000) })],
  [
    2,
    ({ chance, c }) => [
      { fault: { kind: 'imageDisk', c } },
      { fault: { kind: 'putBackDisk', c }, laterMs: chance.between(500, 20_000) },
    ],
  ],
  [3, ({ chance, c }) => one({ kind: 'clock', c, skewMs: chance.pick([-TEN_YEARS_MS, TEN_YEARS_MS, 0, 400_000]) })],
  [
    6,
    ({ chance }) =>
      one({
        kind: 'killStore',
        s: chance.below(3),
        when: chance.pick(['now', 'beforeCommit', 'afterCommit', 'afterCommit']),
        downMs: chance.between(100, 6_000),
      }),
  ],
  [2, ({ chance }) => one({ kind: 'oldStore', s: chance.below(3), ms: chance.between(1_000, 20_000) })],
  [
    3,
    ({ chance }) => [
      { fault: { kind: 'backup' } },
      {
        fault: { kind: 'restore', by: chance.happens(0.5) ? 'tool' : 'silent', downMs: chance.between(50, 4_000) },
        laterMs: chance.between(500, 20_000),
      },
    ],
  ],
  [
    4,
    ({ chance, consoles }) => {
      const { user } = chance.pick(consoles);
      const held = accounts.find((account) => account.user === user);
      // Taken away and, perhaps, given back: most of what a person may see comes from few places.
      const teams = chance.happens(0.5) ? (held?.teams ?? []) : subset(chance, someTeams, 0.3);
      return one({ kind: 'grants', user, sites: subset(chance, someSites, 0.4), teams });
    },
  ],
  [1, ({ c }) => one({ kind: 'revokeDevice', c })],
  [2, ({ chance, consoles }) => one({ kind: 'endSessions', user: chance.pick(consoles).user })],
  [3, ({ chance, consoles }) => one({ kind: 'expireAccess', user: chance.pick(consoles).user })],
  [2, ({ chance }) => one({ kind: 'directory', arg: chance.below(100) })],
];
const total = kinds.reduce((sum, [weight]) => sum + weight, 0);

export function drawFault(chance: Chance, consoles: readonly ConsolePlan[]): readonly DrawnFault[] {
  let left = chance.below(total);
  const c = chance.below(consoles.length);
  for (const [weight, draw] of kinds) {
    left -= weight;
    if (left < 0) return draw({ chance, consoles, c });
  }
  return [];
}
