import pg from 'pg';

const EVERY = 6;
let pushes = 0;
type Query = (this: pg.Client, ...args: unknown[]) => unknown;
type Ask = (this: pg.Client, text: string) => Promise<pg.QueryResult>;

/** Loaded before a store: now and then the answer to a push goes out and its transaction does not stay, as if it had been sent before the commit. */
const sound: Query = pg.Client.prototype.query;
const writing = new WeakSet<pg.Client>();
/** The product looks at what the server answered to its commit. */
async function undone(this: pg.Client): Promise<pg.QueryResult> {
  const ask: Ask = this.query;
  return { ...(await ask.call(this, 'rollback')), command: 'COMMIT' };
}
const query: Query = function (...args) {
  const [first] = args;
  const text = typeof first === 'string' ? first : JSON.stringify(first ?? '');
  if (/insert into commands/i.test(text)) writing.add(this);
  if (text !== 'commit' || !writing.delete(this)) return sound.apply(this, args);
  pushes += 1;
  return pushes % EVERY === 0 ? undone.call(this) : sound.apply(this, args);
};
Reflect.set(pg.Client.prototype, 'query', query);
