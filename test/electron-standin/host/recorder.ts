import type { HostMessage, Recorded } from '../records.ts';

const began = performance.now();
let count = 0;
const all: Recorded[] = [];

/** Sends one message to the test, if it still listens. */
export function tellTest(message: HostMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/**
 * Records what main did. Values that cannot travel (functions, class instances) are shown by name: a record is for
 * reading, never a channel.
 */
export function record(kind: string, data: { readonly [key: string]: unknown } = {}): void {
  count += 1;
  const entry: Recorded = { n: count, at: Math.round(performance.now() - began), kind, data: plainRecord(data) };
  all.push(entry);
  tellTest({ type: 'record', record: entry });
}

/** Copies a value to plain data, at most eight levels deep. */
export function plain(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`;
    return typeof value === 'symbol' ? String(value) : value;
  }
  if (depth > 8) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  if (value instanceof Uint8Array) return { bytes: value.byteLength };
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto === Object.prototype || proto === null) return plainRecord(value, depth);
  return `[${value.constructor?.name ?? 'object'}]`;
}

function plainRecord(value: object, depth = 0): { [key: string]: unknown } {
  const copy: { [key: string]: unknown } = {};
  for (const [key, item] of Object.entries(value)) copy[key] = plain(item, depth + 1);
  return copy;
}
