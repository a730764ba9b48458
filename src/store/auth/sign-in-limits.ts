import { createHash } from 'node:crypto';
import type { Database } from '../db/pool.ts';

export interface SignInLimits {
  /** Milliseconds until this person may try again from this address; 0: now. */
  waitMs(address: string, user: string): Promise<number>;
  fail(address: string, user: string): Promise<void>;
  /** The right password: the failures of this person from this address are forgotten. */
  clear(address: string, user: string): Promise<void>;
}

const WINDOW_MS = 300_000;
/** Failures of one person from one address, and of one address over all names; the second is generous: offices share one. */
const OF_PERSON = 10;
const OF_ADDRESS = 200;

const keyOf = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
const personKey = (address: string, user: string) => keyOf('person', address, user.toLowerCase());
const addressKey = (address: string) => keyOf('address', address);

/** Counts failures in a sliding window, in the database: all processes that serve it count together. */
export function createSignInLimits({ db, now }: { db: Pick<Database, 'pool'>; now: () => number }): SignInLimits {
  /** Until the oldest of the last `most` failures is out of the window. */
  const wait = (times: readonly number[] | undefined, most: number): number => {
    const oldest = times?.at(-most);
    return oldest === undefined ? 0 : Math.max(0, oldest + WINDOW_MS - now());
  };
  return {
    async waitMs(address, user) {
      const [person, whole] = [personKey(address, user), addressKey(address)];
      const { rows } = await db.pool.query<{ key: string; times: string[] }>(
        'select key, times from sign_in_failures where key = any($1)',
        [[person, whole]],
      );
      const timesOf = (key: string) => rows.find((row) => row.key === key)?.times.map(Number);
      return Math.max(wait(timesOf(person), OF_PERSON), wait(timesOf(whole), OF_ADDRESS));
    },
    async fail(address, user) {
      // One statement for both, in one order for everybody, so that two processes never wait for each other in a ring.
      await db.pool.query(
        `insert into sign_in_failures as f (key, times, last_at)
         select k.key, array[$2::bigint], $2::bigint from unnest($1::text[]) as k(key)
         on conflict (key) do update set last_at = excluded.last_at, times = array(
           select recent.at from (
             select t.at from unnest(f.times || excluded.times) as t(at) where t.at > $2::bigint - ${WINDOW_MS}
             order by t.at desc limit ${OF_ADDRESS}) recent order by recent.at)`,
        [[personKey(address, user), addressKey(address)].sort(), now()],
      );
      await db.pool.query(
        `delete from sign_in_failures where key in (
           select key from sign_in_failures where last_at <= $1 for update skip locked)`,
        [now() - WINDOW_MS],
      );
    },
    async clear(address, user) {
      await db.pool.query('delete from sign_in_failures where key = $1', [personKey(address, user)]);
    },
  };
}
