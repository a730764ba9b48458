import pg from 'pg';

const EVERY = 3;
let writes = 0;
type Query = (this: pg.Client, ...args: unknown[]) => unknown;
const isInsert = (value: unknown): value is { text: string; values: unknown[] } =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  /insert into entries/i.test(String(value.text)) &&
  'values' in value &&
  Array.isArray(value.values);

/** Loaded before a store: now and then the entries of a push are not written, and the push is answered as applied. */
const sound: Query = pg.Client.prototype.query;
const query: Query = function (...args) {
  const [first, ...rest] = args;
  if (!isInsert(first)) return sound.apply(this, args);
  writes += 1;
  if (writes % EVERY !== 0) return sound.apply(this, args);
  const values = first.values.map((value) => (Array.isArray(value) ? [] : value));
  return sound.call(this, { ...first, values }, ...rest);
};
Reflect.set(pg.Client.prototype, 'query', query);
