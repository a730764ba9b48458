import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/store/db/pool.ts';
import type { Finding } from '../../../src/store/doctor/finding.ts';
import { runDoctor } from '../../../src/store/doctor/run-doctor.ts';
import { type RunningServer, runsHere, WHERE_IT_RUNS } from '../../../src/store/doctor/runs-here.ts';
import { takeServeLock } from '../../../src/store/epoch/serve-lock.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createBareDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

const main = fileURLToPath(new URL('../../../src/store/main.ts', import.meta.url));
const look = (db: Pick<Database, 'pool'>, over: { quick?: boolean; folder?: string | null } = {}) =>
  runDoctor(db, { now: Date.now, quick: false, folder: null, ...over });
const of = (findings: readonly Finding[], check: string) => findings.filter((finding) => finding.check === check);
/** What needs a hand, save that the tests' server is not durable and runs on a machine that may be full, and busy: slow to answer. */
const ofMachine: ReadonlySet<string> = new Set(['durability', 'disk', 'clock', 'database']);
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ check, level }) => level !== 'good' && level !== 'note' && !ofMachine.has(check));

/** Runs the command line to its end. */
function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  const { CHASQUI_DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, 'doctor', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
}

describe('12 doctor', () => {
  let store: TestStore;
  let desk: Desk;
  beforeEach(async () => {
    store = await startTestStore();
    desk = await createFixtureDesk(store.db);
    const ana = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    await ana.push(
      ana.command('register', ticketId, registerPayload(desk)),
      ana.command('addNote', ticketId, { visibility: 'internal', text: 'una nota' }),
    );
  });
  afterEach(() => store.close());

  it('12.1 finds nothing to do on a sound database, and says that settings of the server lose what was saved', async () => {
    const findings = await look(store.db);
    expect(wrong(findings)).toEqual([]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set(['database', 'durability', 'clock', 'disk', 'schema', 'serving', 'indexes', 'epoch', 'audit']),
    );
    // The server of the tests is started with fsync off, for speed.
    expect(of(findings, 'durability').map(({ level, what }) => [level, what.split(' ')[0]])).toEqual([
      ['fault', 'fsync'],
      ['fault', 'synchronous_commit'],
      ['fault', 'full_page_writes'],
    ]);
    // The server of the tests runs on this machine, and its process says so even where its file may not be read.
    expect(of(findings, 'disk')[0]?.facts).toHaveProperty('freeBytes');
    if (process.platform === 'linux') {
      const client = await store.db.pool.connect();
      const { rows } = await client.query<RunningServer>(WHERE_IT_RUNS);
      expect(await Promise.all(rows.map((server) => runsHere({ ...server, folder: '/nowhere' })))).toEqual([true]);
      client.release();
    }
    expect(of(findings, 'audit')[0]?.facts).toMatchObject({ tickets: 1, faults: 0 });
    expect(of(findings, 'serving')[0]).toMatchObject({ level: 'note', facts: { processes: 0 } });
  });

  it('12.2 44 names the row that was edited past the store, by a quick look too', async () => {
    await store.db.pool.query('alter table entries disable trigger all');
    await store.db.pool.query("update entries set doc = replace(doc, 'una nota', 'otra nota') where seq = 2");
    for (const quick of [false, true]) {
      const faults = of(await look(store.db, { quick }), 'audit').filter(({ level }) => level === 'fault');
      expect(faults.map(({ what }) => what)).toEqual(
        expect.arrayContaining([expect.stringMatching(/place \d+, ticket .* does not follow/)]),
      );
      expect(faults[0]?.advice).toMatch(/Keep the database as it is/);
    }
  });

  it('12.3 tells an index that is gone, and a question that reads a large table whole for it', async () => {
    await store.db.pool.query(
      `insert into commands (desk_id, id, device_id, incarnation, n, hash, ticket_id, type, account_id, refused, recorded_at, envelope, outcome)
       select $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, '', gen_random_uuid(), 'addNote', gen_random_uuid(), false, 0, '', ''
       from generate_series(1, 20000)`,
      [desk.deskId],
    );
    await store.db.pool.query('analyze commands');
    expect(of(await look(store.db, { quick: true }), 'indexes')[0]).toMatchObject({
      level: 'good',
      facts: { bigTables: 1 },
    });
    await store.db.pool.query('drop index commands_chain; alter table commands drop constraint commands_desk_id_id_pk');
    const findings = of(await look(store.db, { quick: true }), 'indexes');
    expect(findings.map(({ level, what }) => [level, what])).toEqual([
      ['fault', 'the index commands_chain is missing'],
      ['fault', 'the index commands_desk_id_id_pk is missing'],
      ['warning', expect.stringContaining('commands of a push: the whole table commands is read')],
    ]);
  });

  it('12.4 tells migrations to come and unknown ones apart, and looks no further', async () => {
    await store.db.pool.query(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 9)",
    );
    expect(wrong(await look(store.db))).toMatchObject([
      { check: 'schema', level: 'fault', facts: { unknown: 1 }, advice: expect.stringContaining('newer program') },
    ]);
    await store.db.pool.query(
      'delete from drizzle.__drizzle_migrations where id > (select max(id) - 2 from drizzle.__drizzle_migrations)',
    );
    expect(wrong(await look(store.db))).toMatchObject([{ check: 'schema', level: 'warning', facts: { missing: 1 } }]);
  });

  it('12.5 tells who serves, what waits, and a database that comes from elsewhere', async () => {
    const lock = await takeServeLock({ url: store.url, mode: 'serve', onLost: () => undefined });
    await store.db.pool.query("update desks set cluster = '1/1', restored_at = 5");
    await store.db.pool.query(
      "insert into orphans (desk_id, command_id, ticket_id, actor, recorded_at) values ($1, $2, $3, '{}', 1)",
      [desk.deskId, v7(), v7()],
    );
    const findings = await look(store.db, { quick: true });
    expect(of(findings, 'serving')).toMatchObject([{ level: 'good', facts: { processes: 1 } }]);
    expect(of(findings, 'epoch')).toMatchObject([{ level: 'warning' }]);
    expect(of(findings, 'orphans')).toMatchObject([{ level: 'warning', facts: { orphans: 1 } }]);
    await lock?.release();
  });

  it('12.6 an account that may only read learns as much as it may, and nothing is changed', async () => {
    const role = `reader_${v7().replaceAll('-', '')}`;
    await store.db.pool.query(
      `create role ${role} login password 'x'; grant usage on schema public, drizzle to ${role};
       grant select on all tables in schema public, drizzle to ${role}`,
    );
    const url = new URL(store.url);
    url.username = role;
    url.password = 'x';
    const db = openDatabase({ url: url.href, maxConnections: 2, onIdleError: () => undefined });
    try {
      const findings = await look(db);
      expect(wrong(findings)).toEqual([]);
      expect(of(findings, 'disk')).toMatchObject([{ level: 'note' }]);
      expect(of(findings, 'audit')).toMatchObject([{ level: 'good' }]);
    } finally {
      await db.close();
      await store.db.pool.query(`drop owned by ${role}; drop role ${role}`);
    }
  });
});

describe('12 doctor, on the command line', () => {
  let bare: TestDatabase;
  beforeEach(async () => {
    bare = await createBareDatabase();
  });
  afterEach(() => bare.drop());

  it('12.7 ends with 2 where the database cannot be asked, with 1 where something needs a hand; migrates nothing', async () => {
    const gone = await run('--database-url', 'postgres://u:p@127.0.0.1:1/x');
    expect([gone.code, gone.out]).toEqual([2, expect.stringContaining('ECONNREFUSED')]);
    const missing = await run('--json', '--database-url', bare.url.replace(/[^/]+$/, 'no_such_database'));
    expect([missing.code, JSON.parse(missing.out)]).toMatchObject([2, { findings: [{ facts: { code: '3D000' } }] }]);
    // Takes every connection and says nothing, as a server does that was halted.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const mute = await run('--json', '--database-url', `postgres://u:p@127.0.0.1:${port}/x`);
    silent.close();
    expect([mute.code, JSON.parse(mute.out)]).toMatchObject([2, { findings: [{ facts: { code: 'ESILENT' } }] }]);
    const empty = await run('--database-url', bare.url);
    expect([empty.code, empty.out]).toEqual([1, expect.stringMatching(/FAULT +schema +the database holds no tables/)]);
    const { rows } = await bare.db.pool.query("select 1 from pg_tables where schemaname in ('public', 'drizzle')");
    expect(rows).toEqual([]);
  });
});
