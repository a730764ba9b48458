import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snapshotPage } from '../../src/store/db/snapshot-pages.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

/** A page that costs more the further in it is makes a fill cost as the square of its rows: it was half of PostgreSQL's time with 100,000 tickets. */
it('a page of the timeline reads no ticket before its key', async () => {
  const admin = await store.signIn(desk.accounts.admin);
  const tickets = Array.from({ length: 60 }, () => v7()).sort();
  await admin.push(...tickets.map((ticketId) => admin.command('register', ticketId, registerPayload(desk))));
  const scope = {
    grant: { everything: true, siteIds: [], teamIds: [], personId: v7() },
    closedWindowDays: null,
    now: Date.now(),
  };
  const client = await store.db.pool.connect();
  try {
    await client.query('begin');
    // What PostgreSQL takes for a desk of many tickets; for one of sixty it would read them all.
    for (const other of ['seqscan', 'nestloop', 'hashjoin']) await client.query(`set local enable_${other} = off`);
    const page = await snapshotPage(client, desk.deskId, 'entry', `${tickets[49]}:000000001`, 100, scope);
    const { rows } = await client.query<{ read: number }>(
      `select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as read from pg_stat_xact_user_tables where relname = 'tickets'`,
    );
    await client.query('rollback');
    expect(page.rows).toBe(10);
    expect(rows[0]?.read).toBeGreaterThan(0);
    expect(rows[0]?.read).toBeLessThanOrEqual(11);
  } finally {
    client.release();
  }
});
