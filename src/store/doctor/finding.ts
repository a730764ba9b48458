import type { PoolClient } from 'pg';

/**
 * `good`: looked at, and well · `note`: worth knowing, nothing to do · `warning`: somebody should look at it soon ·
 * `fault`: what was promised does not hold now.
 */
export type FindingLevel = 'good' | 'note' | 'warning' | 'fault';

export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly level: FindingLevel;
  /** One sentence. */
  readonly what: string;
  /** What to do; null where there is nothing to. */
  readonly advice: string | null;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Everything that a check may use: one connection in a transaction that only reads. */
export interface Examined {
  readonly client: PoolClient;
  readonly now: () => number;
  /** Only the last places of each log are counted again, not all. */
  readonly quick: boolean;
  /** A folder of the operator's choice whose disk is looked at too; null: none. */
  readonly folder: string | null;
}
export type Check = (examined: Examined) => Promise<readonly Finding[]>;

/** What the account may not ask would end the transaction of all the other questions. */
export async function apart<T>({ client }: Pick<Examined, 'client'>, ask: () => Promise<T>): Promise<T> {
  await client.query('savepoint apart');
  try {
    return await ask();
  } finally {
    await client.query('rollback to savepoint apart');
  }
}

export const good = (check: string, what: string, facts?: Finding['facts']): Finding => ({
  check,
  level: 'good',
  what,
  advice: null,
  ...(facts === undefined ? {} : { facts }),
});
export const bad = (
  level: Exclude<FindingLevel, 'good'>,
  check: string,
  what: string,
  advice: string | null,
  facts?: Finding['facts'],
): Finding => ({ check, level, what, advice, ...(facts === undefined ? {} : { facts }) });
