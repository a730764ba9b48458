import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { openDatabase } from '../../src/store/db/pool.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk } from '../support/desk-fixture.ts';
import { createBareDatabase } from '../support/postgres.ts';
import { startTestStore } from '../support/store.ts';

describe('migrations', () => {
  it('several processes migrate an empty database at once, each step once', async () => {
    const bare = await createBareDatabase();
    const others = [1, 2, 3].map(() =>
      openDatabase({ url: bare.url, maxConnections: 2, onIdleError: () => undefined }),
    );
    await Promise.all([bare.db, ...others].map((db) => migrateDatabase(db)));
    const { rows } = await bare.db.pool.query<{ n: number; distinct: number }>(
      'select count(*) as n, count(distinct hash) as distinct from drizzle.__drizzle_migrations',
    );
    expect(rows[0]?.n).toBeGreaterThan(1);
    expect(rows[0]?.n).toBe(rows[0]?.distinct);
    await Promise.all(others.map((db) => db.close()));
    await bare.drop();
  });
});

describe('verify', () => {
  it('44 is content with a desk at work and names what was tampered with', async () => {
    const store = await startTestStore();
    const desk = await createFixtureDesk(store.db);
    const admin = await store.signIn(desk.accounts.admin);
    const [one, two, three] = [v7(), v7(), v7()];
    await admin.push(
      ...[one, two, three].map((id) => admin.command('register', id, registerPayload(desk))),
      admin.command('escalate', one, {
        toTeamId: desk.teams.systems,
        toPersonId: null,
        sheet: { tried: 'reinicio', found: 'sin servicio', pending: 'revisar', device: '' },
      }),
      admin.command('addNote', two, { visibility: 'internal', text: 'hola' }),
    );
    const verify = () => verifyDesk(store.db, desk.deskId, 'prueba');
    expect(await verify()).toMatchObject({ tickets: 3, entries: 5, commands: 5, tierMoves: { '1→2': 1 }, faults: [] });

    // Only a superuser who switches the triggers off gets this far.
    const tamper = async (text: string, params: unknown[]) => {
      const client = await store.db.pool.connect();
      await client.query('set session_replication_role = replica');
      await client.query(text, params);
      await client.query('set session_replication_role = origin');
      client.release();
    };
    await tamper(`update entries set doc = replace(doc, 'hola', 'adiós') where ticket_id = $1`, [two]);
    expect((await verify()).faults).toContainEqual(expect.stringContaining(two));
    await tamper('update tickets set team_id = $2 where id = $1', [three, desk.teams.vendor]);
    expect((await verify()).faults).toContainEqual(expect.stringContaining(three));
    await tamper(`update change_log set version = 9 where entity_id = $1`, [one]);
    expect((await verify()).faults).toContainEqual(expect.stringContaining('does not follow'));
    await store.close();
  });
});
