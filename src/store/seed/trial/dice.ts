import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { v5 } from 'uuid';
import { assert } from '../../../shared/assert.ts';

const NAMESPACE = '0c3e5f8e-6a3f-5c39-8d65-0b8a1c7f9e21';

/** Everything random of the trial: the same seed throws the same organisation, ids included. */
export interface Dice {
  /** Whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in `percent` of the throws. */
  chance(percent: number): boolean;
  id(...parts: readonly (string | number)[]): string;
}

export function createDice(seed: number): Dice {
  const rng = xoroshiro128plus(seed);
  const int = (from: number, to: number) => uniformInt(rng, from, to);
  return {
    int,
    pick(list) {
      const one = list[int(0, list.length - 1)];
      assert(one !== undefined, 'a list to pick from has something in it');
      return one;
    },
    chance: (percent) => int(1, 100) <= percent,
    id: (...parts) => v5([seed, ...parts].join('\u001f'), NAMESPACE),
  };
}
