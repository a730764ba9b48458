import type { Database } from '../db/pool.ts';

/**
 * A look-up by key for each session, whatever the statistics: as plain joins, tables that nobody has analysed yet are believed empty, and a thousand
 * accounts were paired with a thousand devices before any session was looked at.
 */
const HOLDING = `
  select s.id from unnest($1::uuid[]) as asked(id)
  cross join lateral (
    select id, desk_id, account_id, device_id from sessions where id = asked.id and revoked_at is null offset 0
  ) s
  cross join lateral (
    select 1 from accounts a where a.desk_id = s.desk_id and a.id = s.account_id and a.revoked_at is null offset 0
  ) a
  cross join lateral (
    select 1 from devices d where d.desk_id = s.desk_id and d.id = s.device_id and d.revoked_at is null offset 0
  ) d`;

/** Those of these sessions that nobody has ended, of accounts and devices that nobody has revoked. One round trip for all. */
export async function sessionsThatHold(
  db: Pick<Database['pool'], 'query'>,
  sessionIds: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(HOLDING, [[...sessionIds]]);
  return new Set(rows.map(({ id }) => id));
}
