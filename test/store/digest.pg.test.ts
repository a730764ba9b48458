import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  digestResponseSchema,
  digestRowsResponseSchema,
  searchResponseSchema,
} from '../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { revokeDevice } from '../../src/store/admin/accounts.ts';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { createBareDatabase } from '../support/postgres.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let admin: DeviceClient;
let ana: DeviceClient;
const inLima = v7();
const inCusco = v7();
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  admin = await store.signIn(desk.accounts.admin);
  ana = await store.signIn(desk.accounts.ana);
  const cusco = { siteId: desk.sites.cusco, teamId: desk.teams.cuscoDesk };
  await admin.push(
    admin.command('register', inLima, registerPayload(desk)),
    admin.command('register', inCusco, registerPayload(desk, cusco)),
    admin.command('addNote', inLima, { visibility: 'internal', text: 'visto' }),
  );
});
afterAll(() => store.close());

const bucketOf = (ticketId: string) => Number.parseInt(ticketId.slice(-2), 16);
async function standing(client: DeviceClient) {
  const end = (await client.pull(0)).at(-1);
  const { scopeVersion } = client.tokens.session;
  return { protocol: PROTOCOL_VERSION, epoch: await client.epoch(), cursor: end?.['cursor'] as number, scopeVersion };
}
const ask = (client: DeviceClient, path: string, body: object) =>
  store.send({ path: `/sync/v1/${path}`, token: client.tokens.accessToken, body });

describe('digests on the wire', () => {
  it('SY4 SY7 each console is told of what it may hold, in the agreed form', async () => {
    for (const [client, tickets] of [
      [admin, [inLima, inCusco]],
      [ana, [inLima]],
    ] as const) {
      const here = await standing(client);
      const digest = digestResponseSchema.parse(JSON.parse((await ask(client, 'digest', here)).text));
      expect(digest.buckets.reduce((sum, { n }) => sum + n, 0)).toBe(tickets.length);
      const buckets = [...new Set([inLima, inCusco].map(bucketOf))];
      const rows = await ask(client, 'digest/rows', { ...here, buckets, directory: ['site'] });
      const told = digestRowsResponseSchema.parse(JSON.parse(rows.text)).rows;
      expect(told.filter(({ e }) => e === 'ticket').map(({ id }) => id)).toEqual([...tickets].sort());
      expect(told.filter(({ e }) => e === 'site')).toHaveLength(2);
      const both = [inLima, inCusco].map((id) => ({ e: 'ticket', id }));
      const lines = (await ask(client, 'rows', { ...here, cursor: null, rows: both })).text.trim().split('\n');
      expect(lines.some((line) => line.includes(inCusco))).toBe(client === admin);
      expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ t: 'end', rows: lines.length - 1 });
    }
  });

  it('SY7 another scope answers 409 SCOPE, another epoch 409 EPOCH', async () => {
    const here = await standing(ana);
    const more = {
      digest: {},
      'digest/rows': { buckets: [], directory: [] },
      rows: { rows: [{ e: 'ticket', id: inLima }] },
    };
    for (const [path, body] of Object.entries(more)) {
      const scope = await ask(ana, path, { ...here, ...body, scopeVersion: 'x' });
      expect([scope.status, JSON.parse(scope.text)]).toMatchObject([409, { error: { code: 'SCOPE' } }]);
      const epoch = await ask(ana, path, { ...here, ...body, epoch: v7() });
      expect([epoch.status, JSON.parse(epoch.text)]).toMatchObject([409, { error: { code: 'EPOCH' } }]);
    }
  });

  it('SY7 search tells of the window and takes any text', async () => {
    for (const text of ["'", 'a & b', '\\', ':*', 'ñ', '\u0001'.repeat(200)]) {
      const found = await ask(ana, 'search', { protocol: PROTOCOL_VERSION, text, limit: 50 });
      expect(searchResponseSchema.parse(JSON.parse(found.text))).toMatchObject({ more: false, closedWindowDays: 90 });
    }
  });

  it('SY7 a revoked device gets none of it', async () => {
    const beto = await store.signIn(desk.accounts.beto);
    const here = await standing(beto);
    await revokeDevice(store.db, beto.tokens.session.deviceId, Date.now());
    for (const [path, body] of [
      ['digest', here],
      ['digest/rows', { ...here, buckets: [1], directory: [] }],
      ['rows', { ...here, rows: [{ e: 'ticket', id: inCusco }] }],
      ['search', { protocol: PROTOCOL_VERSION, text: 'correo', limit: 5 }],
    ] as const) {
      expect((await ask(beto, path, body)).status).toBe(401);
    }
  });
});

describe('migration', () => {
  it('SY4 tickets of an older database get the digest and the words that they would have had', async () => {
    const source = fileURLToPath(new URL('../../src/store/db/migrations', import.meta.url));
    const folder = await mkdtemp(join(tmpdir(), 'chasqui-migrations-'));
    await cp(source, folder, { recursive: true });
    const journalPath = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(journalPath, 'utf8')) as { entries: { idx: number }[] };
    journal.entries = journal.entries.filter(({ idx }) => idx < 4);
    await writeFile(journalPath, JSON.stringify(journal));
    const old = await createBareDatabase();
    await migrate(drizzle(old.db.pool), { migrationsFolder: folder });

    await store.db.pool.query('update tickets set version = version + 1, closed_recorded_at = 5 where id = $1', [
      inCusco,
    ]);
    for (const [table, names] of [
      ['desks', 'id, name, settings, epoch, created_at'],
      ['people', 'desk_id, id, version, doc'],
      ['entries', 'desk_id, ticket_id, seq, id, type, recorded_at, doc'],
      [
        'tickets',
        'desk_id, id, version, number, kind, status, tier, site_id, team_id, registered_by, registered_at, closed_recorded_at, doc',
      ],
    ] as const) {
      const { rows } = await store.db.pool.query(`select ${names} from ${table}`);
      for (const row of rows) {
        const slots = names.split(', ').map((_, at) => `$${at + 1}`);
        await old.db.pool.query(`insert into ${table} (${names}) values (${slots.join(', ')})`, Object.values(row));
      }
    }
    await migrateDatabase(old.db);
    const text = 'select id, digest::text, search_words::text as words, version from tickets order by id';
    const [mended, right] = [await old.db.pool.query(text), await store.db.pool.query(text)];
    expect(mended.rows).toEqual(right.rows);
    expect(mended.rows.find((row: { id: string }) => row.id === inCusco)).toMatchObject({
      words: expect.stringContaining("'quispe'"),
    });
    await old.drop();
    await rm(folder, { recursive: true, force: true });
  });
});
