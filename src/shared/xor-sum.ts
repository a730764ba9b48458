/**
 * XOR of 64-bit numbers written in 16 hex digits, kept in two halves: faster than a BigInt and exact. The order of the numbers
 * does not matter, and adding one twice takes it out again.
 */
export interface XorSum {
  /** @param hex at least 16 lower-case hex digits; what follows them does not count. */
  add(hex: string): void;
  /** 16 hex digits; zeros when nothing was added. */
  hex(): string;
}

export function createXorSum(): XorSum {
  let high = 0;
  let low = 0;
  return {
    add(hex) {
      high ^= Number.parseInt(hex.slice(0, 8), 16);
      low ^= Number.parseInt(hex.slice(8, 16), 16);
    },
    hex: () => half(high) + half(low),
  };
}

const half = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
