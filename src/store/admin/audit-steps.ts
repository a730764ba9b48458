import pg, { type ClientBase } from 'pg';

export type Queryable = Pick<ClientBase, 'query'>;

/** Faults after which a part of the audit looks no further: what is broken so far is not read row by row. */
export const MAX_FAULTS = 50;

/** Class 22, data exception: what stands in a column cannot be read as what the question takes it for. */
const UNREADABLE = /^22/;

/**
 * Makes one part of the audit, in a transaction of the caller. What somebody wrote past the store may break the very question: that
 * is a fault of this part, and the others are made. Everything else (the database is gone, a right is missing) goes through.
 */
export async function auditStep<T>(
  client: Queryable,
  faults: string[],
  part: string,
  work: (found: string[]) => Promise<T>,
): Promise<T | null> {
  const found: string[] = [];
  await client.query('savepoint audit_step');
  try {
    const counted = await work(found);
    await client.query('release savepoint audit_step');
    return counted;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !UNREADABLE.test(error.code ?? '')) throw error;
    await client.query('rollback to savepoint audit_step');
    found.push(`${part}: could not be counted, for something there is not what it should be (${error.code})`);
    return null;
  } finally {
    faults.push(...found);
  }
}

/** Pages through a query by keyset; `next` takes the last row to the parameters of the next page. */
export async function* pages<R>(
  client: Queryable,
  text: string,
  first: unknown[],
  next: (row: R) => unknown[],
): AsyncGenerator<R[]> {
  for (let params = first; ; ) {
    const { rows } = await client.query(text, params);
    const found: R[] = rows;
    const last = found.at(-1);
    if (last === undefined) return;
    yield found;
    params = next(last);
  }
}

/** Undefined: no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
