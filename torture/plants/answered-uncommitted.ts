import pg from 'pg';

const EVERY = 6;
let pushes = 0;
type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/** Loaded before a store: now and then the answer to a push goes out and its transaction does not stay, as if it had been sent before the commit. */
const sound: Query = pg.Client.prototype.query;
const writing = new WeakSet<pg.Client>();
const query: Query = function (...args) {
  const [first] = args;
  const text = typeof first === 'string' ? first : JSON.stringify(first ?? '');
  if (/insert into commands/i.test(text)) writing.add(this);
  if (text !== 'commit' || !writing.delete(this)) return sound.apply(this, args);
  pushes += 1;
  return sound.apply(this, pushes % EVERY === 0 ? ['rollback'] : args);
};
Reflect.set(pg.Client.prototype, 'query', query);
