import type { Database } from '../db/pool.ts';

const HOLDING = `
  select s.id from sessions s
  join accounts a on a.desk_id = s.desk_id and a.id = s.account_id
  join devices d on d.desk_id = s.desk_id and d.id = s.device_id
  where s.id = any($1::uuid[]) and s.revoked_at is null and a.revoked_at is null and d.revoked_at is null`;

/** Those of these sessions that nobody has ended, of accounts and devices that nobody has revoked. One round trip for all. */
export async function sessionsThatHold(
  db: Pick<Database['pool'], 'query'>,
  sessionIds: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(HOLDING, [[...sessionIds]]);
  return new Set(rows.map(({ id }) => id));
}
