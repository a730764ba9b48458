/** A domain of positive numbers laid out evenly by their logarithm. */
export interface LogScale {
  (value: number): number;
  readonly domain: readonly [from: number, to: number];
}

export function logScale(domain: readonly [number, number], range: readonly [number, number]): LogScale {
  const [from, to] = domain.map(Math.log10) as [number, number];
  const at = (value: number) => range[0] + ((Math.log10(value) - from) / (to - from)) * (range[1] - range[0]);
  return Object.assign(at, { domain });
}

/** Powers of ten, in order, from the one at or below the least value to the one at or above the greatest; two at least. */
export function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n));
}
