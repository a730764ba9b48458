import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createDesk } from '../../src/store/admin/desks.ts';
import { sessionsThatHold } from '../../src/store/auth/sessions-that-hold.ts';
import { createTestDatabase } from '../support/postgres.ts';

/** With fewer of them PostgreSQL does not choose the order of joins that reads a million rows. */
const PEOPLE = 1000;

const FILLED = `
  with made as (
    select n, gen_random_uuid() account, gen_random_uuid() device, gen_random_uuid() session
    from generate_series(1, ${PEOPLE}) n
  ), a as (
    insert into accounts (desk_id, id, user_name, person_id, role, password_hash, must_change_password, act_on_behalf, created_at)
    select $1, account, 'u' || n, gen_random_uuid(), 'technician', '', false, false, 0 from made
  ), d as (
    insert into devices (desk_id, id, account_id, name, prefix, created_at, last_seen_at)
    select $1, device, account, 'd', lpad(n::text, 4, '0'), 0, 0 from made
  )
  insert into sessions (desk_id, id, account_id, device_id, refresh_hash, access_hash, access_expires_at, created_at, last_used_at)
  select $1, session, account, device, 'r' || n, 'a' || n, 0, 0, 0 from made
  returning id`;

const READ = `
  select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables
  where relname in ('sessions', 'accounts', 'devices')`;

test('whose sessions hold is looked up by key, also in tables of which PostgreSQL has no statistics yet', async () => {
  const { db, drop } = await createTestDatabase(2);
  onTestFinished(drop);
  const deskId = randomUUID();
  await createDesk(db, { id: deskId, name: 'x', epoch: randomUUID(), now: 0 });
  for (const table of ['sessions', 'accounts', 'devices'])
    await db.pool.query(`alter table ${table} set (autovacuum_enabled = false)`);
  const made = await db.pool.query<{ id: string }>(FILLED, [deskId]);
  const ids = made.rows.map(({ id }) => id);

  const client = await db.pool.connect();
  try {
    await client.query('begin');
    const before = (await client.query<{ rows: number }>(READ)).rows[0]?.rows ?? 0;
    const holding = await sessionsThatHold(client, new Set([...ids.slice(500), randomUUID()]));
    const after = (await client.query<{ rows: number }>(READ)).rows[0]?.rows ?? 0;
    expect(holding).toEqual(new Set(ids.slice(500)));
    expect(after - before).toBeLessThanOrEqual(4 * PEOPLE);
  } finally {
    client.release(true);
  }
});
