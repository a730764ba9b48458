/** A stream of draws that follows from its seed alone: the only randomness inside a history. */
export interface Chance {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Whole, in [0, below). */
  below(below: number): number;
  /** Whole, from and to included. */
  between(from: number, to: number): number;
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** An id that looks like a UUID of version 7. */
  id(): string;
}

const bytes = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));
const hex8 = (n: number): string =>
  `${bytes[n >>> 24]}${bytes[(n >>> 16) & 255]}${bytes[(n >>> 8) & 255]}${bytes[n & 255]}`;

/** sfc32: 128 bits of state, a few operations a draw. `label` makes streams of one seed independent of one another. */
export function createChance(seed: number, label = 0): Chance {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ Math.imul(label + 1, 0x85ebca6b);
  let c = 0xb7e15162 ^ Math.trunc(seed / 0x1_0000_0000);
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let n = 0; n < 12; n += 1) next();
  const below = (limit: number) => Math.floor((next() / 0x1_0000_0000) * limit);
  return {
    fraction: () => next() / 0x1_0000_0000,
    below,
    between: (from, to) => from + below(to - from + 1),
    happens: (probability) => next() / 0x1_0000_0000 < probability,
    pick(from) {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    id() {
      const [x, y, z] = [hex8(next()), hex8(next()), hex8(next())];
      return `01900000-${x.slice(0, 4)}-7${x.slice(4, 7)}-8${y.slice(0, 3)}-${y.slice(3)}${z.slice(0, 7)}`;
    },
  };
}
