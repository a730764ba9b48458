import type { Chance } from '../../simulator/time/chance.ts';
import type { CutKind, DirectionFaults, Doom, Range } from './faults.ts';

const SEGMENT = 1_460;
const MOST_LOSSES = 6;

export const drawRange = (chance: Chance, range: Range): number =>
  typeof range === 'number' ? range : range[0] + chance.fraction() * (range[1] - range[0]);

/** @returns after how many bytes, or infinity for never */
export const drawDoom = (chance: Chance, doom: Doom | undefined): number =>
  doom !== undefined && chance.happens(doom.chance ?? 1)
    ? Math.floor(drawRange(chance, doom.afterBytes))
    : Number.POSITIVE_INFINITY;

export const drawKind = (chance: Chance, kind: CutKind = 'either'): 'rst' | 'fin' => {
  if (kind !== 'either') return kind;
  return chance.happens(0.5) ? 'rst' : 'fin';
};

/** @returns how many segments of a piece were lost, and the milliseconds that their repetition takes */
export function drawLoss(chance: Chance, bytes: number, loss: DirectionFaults['loss']): { lost: number; ms: number } {
  if (loss === undefined) return { lost: 0, ms: 0 };
  let lost = 0;
  let ms = 0;
  for (let segment = 0; segment * SEGMENT < bytes; segment += 1) {
    let times = 0;
    while (times < MOST_LOSSES && chance.happens(loss.chance)) {
      ms += (loss.baseMs ?? 200) * 2 ** times;
      times += 1;
    }
    if (times > 0) lost += 1;
  }
  return { lost, ms };
}
