import { existsSync, rmSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import pg from 'pg';

/**
 * Loaded before the store by `--import`: lets its process die around the commit of a push, between the effect and its answer. The
 * harness arms it by a file, whose name says when; the store knows nothing of it.
 */
const arm = process.env['TORTURE_ARM'] ?? '';
type Query = (this: pg.Client, ...args: unknown[]) => unknown;

const sound: Query = pg.Client.prototype.query;
const writing = new WeakSet<pg.Client>();
const textOf = (first: unknown): string => {
  if (typeof first === 'string') return first;
  return typeof first === 'object' && first !== null && 'text' in first && typeof first.text === 'string'
    ? first.text
    : '';
};
const isArmed = (when: 'before' | 'after') => existsSync(`${arm}.${when}`);
const die = (when: 'before' | 'after') => {
  rmSync(`${arm}.${when}`, { force: true });
  process.kill(process.pid, 'SIGKILL');
};

const query: Query = function (...args) {
  const text = textOf(args[0]);
  if (/insert into "?commands"?/i.test(text)) writing.add(this);
  if (text === 'rollback') writing.delete(this);
  if (text !== 'commit' || !writing.delete(this)) return sound.apply(this, args);
  if (isArmed('before')) die('before');
  const done = sound.apply(this, args);
  if (!isArmed('after') || !(done instanceof Promise)) return done;
  return done.then((value: unknown) => {
    die('after');
    return value;
  });
};
Reflect.set(pg.Client.prototype, 'query', query);

// It will be killed: what Node compiled is kept now, for its next start.
setTimeout(flushCompileCache, 3_000).unref();
