import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appliedMigrations } from '../../../src/store/backup/read-schema.ts';
import { restoreBackup } from '../../../src/store/backup/restore-backup.ts';
import { prepareSchema } from '../../../src/store/backup/schema-steps.ts';
import { writeBackup } from '../../../src/store/backup/write-backup.ts';
import type { Database } from '../../../src/store/db/pool.ts';
import { takeServeLock } from '../../../src/store/epoch/serve-lock.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

const main = fileURLToPath(new URL('../../../src/store/main.ts', import.meta.url));
let folder: string;
let store: TestStore;
let desk: Desk;
let file: string;
const made: TestDatabase[] = [];

const TABLES = `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' order by 1`;

/** Every row of every table as text; but for what a restore opens anew. */
async function contents(db: Database): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const { name } of (await db.pool.query<{ name: string }>(TABLES)).rows) {
    const { rows } = await db.pool.query<{ row: string }>(
      name === 'desks'
        ? 'select concat_ws(chr(9), id, name, settings, seal_key, created_at) as row from desks order by 1'
        : `select t::text as row from ${name} t order by 1`,
    );
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}
const backup = (url: string, path: string) => writeBackup({ url, path, now: Date.now, onProgress: () => undefined });
const restore = (url: string, path: string, replace = false) =>
  restoreBackup({ url, path, replace, now: () => 5_000, newId: v7, onProgress: () => undefined });
const empty = async () => {
  const database = await createTestDatabase(4);
  made.push(database);
  return database;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-backup-'));
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  await createFixtureDesk(store.db, '-otra');
  const ana = await store.signIn(desk.accounts.ana);
  for (let round = 0; round < 5; round++) {
    const tickets = Array.from({ length: 40 }, () => v7());
    await ana.push(...tickets.map((id) => ana.command('register', id, registerPayload(desk))));
    await ana.push(
      ...tickets.map((id) =>
        ana.command('addNote', id, { visibility: 'internal', text: 'tab\t, barra \\, salto\n, ñ, 😀, \\N y \\.\n\\.' }),
      ),
    );
  }
  // More small rows than the reading of a table holds at once.
  await store.db.pool.query(
    `insert into grants select desk_id, id, 'site', gen_random_uuid() from accounts, generate_series(1, 3000) where desk_id = $1`,
    [desk.deskId],
  );
  file = join(folder, 'dia.backup');
  expect(await backup(store.url, file)).toMatchObject({ ok: true });
});
afterAll(async () => {
  await store.close();
  for (const database of made) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('backup and restore', () => {
  it('SY14 brings every row of every table back, byte for byte, opens a new epoch a desk, and verifies', async () => {
    const target = await empty();
    const before = (await store.db.pool.query<{ epoch: string }>('select epoch from desks')).rows.map((d) => d.epoch);
    expect(await restore(target.url, file)).toMatchObject({
      ok: true,
      value: { desks: [{ name: 'Mesa de prueba' }, {}] },
    });
    expect(await contents(target.db)).toEqual(await contents(store.db));
    const { rows } = await target.db.pool.query<{ epoch: string; restored_at: number }>(
      'select epoch, restored_at from desks',
    );
    expect(rows.map((row) => row.restored_at)).toEqual([5_000, 5_000]);
    expect(new Set([...before, ...rows.map((row) => row.epoch)]).size).toBe(4);
    // Numbers go on beyond what was given, and the triggers are on.
    const seq = await target.db.pool.query<{ last: number; head: number }>(
      `select (select last_value from change_seq) as last, max(seq) as head from change_log`,
    );
    expect(seq.rows[0]?.last).toBeGreaterThanOrEqual(seq.rows[0]?.head ?? 0);
    await expect(target.db.pool.query('delete from entries')).rejects.toThrow('insert only');
  });

  it('restores into a database without tables', async () => {
    const bare = await createBareDatabase();
    made.push(bare);
    expect(await restore(bare.url, file)).toMatchObject({ ok: true });
    expect(await contents(bare.db)).toEqual(await contents(store.db));
  });

  it('SY16 a backup of an earlier schema is brought up to date, in a database that has no later one; a later one is refused', async () => {
    const old = await createBareDatabase();
    made.push(old);
    const hashes = await appliedMigrations(store.db.pool);
    expect(await prepareSchema(old.db.pool, hashes.slice(0, 2))).toMatchObject({ ok: true });
    const deskId = v7();
    await old.db.pool.query(
      `insert into desks (id, name, settings, epoch, created_at) values ($1, 'Antigua', '{}', $2, 1)`,
      [deskId, v7()],
    );
    const oldFile = join(folder, 'antigua.backup');
    expect(await backup(old.url, oldFile)).toMatchObject({ ok: true });
    const [bare, current] = [await createBareDatabase(), await empty()];
    made.push(bare);
    expect(await restore(bare.url, oldFile)).toMatchObject({ ok: true, value: { desks: [{ name: 'Antigua' }] } });
    expect(await appliedMigrations(bare.db.pool)).toEqual(hashes);
    const { rows } = await bare.db.pool.query<{ seal_key: string }>('select seal_key from desks');
    expect(rows[0]?.seal_key).toMatch(/^[0-9a-f]{64}$/);
    expect(await restore(current.url, oldFile)).toMatchObject({ error: { code: 'olderSchema' } });

    await old.db.pool.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('de mañana', 9)`);
    const later = join(folder, 'manana.backup');
    expect(await backup(old.url, later)).toMatchObject({ ok: true });
    expect(await restore(current.url, later)).toMatchObject({ error: { code: 'newerSchema' } });
  });

  it('only its owner may read it; it is one moment though the store goes on; it is never overwritten', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await backup(store.url, file);
    expect(again).toEqual({ ok: false, error: { code: 'exists' } });
    const other = join(folder, 'en-marcha.backup');
    const ana = await store.signIn(desk.accounts.ana);
    let stop = false;
    const work = (async () => {
      while (!stop) await ana.push(ana.command('register', v7(), registerPayload(desk)));
    })();
    expect(await backup(store.url, other)).toMatchObject({ ok: true });
    stop = true;
    await work;
    const target = await empty();
    expect(await restore(target.url, other)).toMatchObject({ ok: true });
  });

  it('tells what is wrong with a file before it touches the database', async () => {
    const target = await empty();
    const whole = await readFile(file);
    const spoil = async (name: string, bytes: Buffer) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return restore(target.url, path);
    };
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    const renamed = Buffer.from(whole.toString('latin1').replace('Mesa de prueba', 'Mesa de Prueba'), 'latin1');
    const cases: [string, Buffer][] = [
      ['changed', flipped],
      ['changed', renamed],
      ['cutShort', whole.subarray(0, whole.length - 1)],
      ['cutShort', whole.subarray(0, whole.length >> 1)],
      ['cutShort', whole.subarray(0, 40)],
      ['notABackup', Buffer.alloc(0)],
      ['notABackup', Buffer.from('una foto')],
      [
        'otherFormat',
        Buffer.from(whole.toString('latin1').replace('chasqui-backup 1\n', 'chasqui-backup 2\n'), 'latin1'),
      ],
    ];
    for (const [index, [code, bytes]] of cases.entries())
      expect(await spoil(`${index}.bad`, bytes)).toMatchObject({ ok: false, error: { code } });
    expect(await restore(target.url, join(folder, 'none'))).toMatchObject({
      error: { code: 'unreadable', why: 'ENOENT' },
    });
    expect((await target.db.pool.query('select 1 from desks')).rowCount).toBe(0);
  });

  it('refuses a database that holds something unless told, and then leaves nothing of it', async () => {
    const target = await empty();
    const other = await createFixtureDesk(target.db, '-vieja');
    expect(await restore(target.url, file)).toMatchObject({
      error: { code: 'notEmpty', desks: ['Mesa de prueba-vieja'] },
    });
    await target.db.pool.query(`select setval('change_seq', 9999999)`);
    expect(await restore(target.url, file, true)).toMatchObject({ ok: true });
    expect((await target.db.pool.query('select 1 from desks where id = $1', [other.deskId])).rowCount).toBe(0);
    const { rows } = await target.db.pool.query<{ n: number }>(`select nextval('change_seq') as n`);
    expect(rows[0]?.n).toBeGreaterThan(9_999_999);
  });

  it('refuses a database that a store serves, in words that say what to do; nothing is changed', async () => {
    const target = await empty();
    const serving = await takeServeLock({ url: target.url, mode: 'serve', onLost: () => undefined });
    const { status, stderr } = spawnSync(process.execPath, [main, 'restore', file, '--database-url', target.url], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('Checking the file');
    expect(stderr).toContain(
      'A store serves this database, or another restore runs: stop it first.\nNothing was changed.',
    );
    await serving?.release();
    expect(await restore(target.url, file)).toMatchObject({ ok: true });
  });

  it('SY14 killed at any moment it leaves the database as it was, and can be run again', async () => {
    const target = await empty();
    const kept = await createFixtureDesk(target.db, '-vieja');
    const before = await contents(target.db);
    const args = [main, 'restore', file, '--replace', '--database-url', target.url];
    for (const word of ['Checking the file', 'Restore 0/', 'Restore ']) {
      const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      await new Promise<void>((resolve) => {
        child.stderr?.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes(word)) {
            child.kill('SIGKILL');
            resolve();
          }
        });
        child.once('exit', () => resolve());
      });
      await new Promise((resolve) =>
        child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(null),
      );
      expect(child.signalCode).toBe('SIGKILL');
      // The server notices that its client is gone.
      await expect
        .poll(
          async () =>
            (
              await target.db.pool.query(
                `select 1 from pg_stat_activity where application_name = 'chasqui-restore' and datname = current_database()`,
              )
            ).rowCount,
          { timeout: 10_000 },
        )
        .toBe(0);
      expect((await target.db.pool.query('select 1 from desks where id = $1', [kept.deskId])).rowCount).toBe(1);
    }
    expect(await contents(target.db)).toEqual(before);
    expect(await restore(target.url, file, true)).toMatchObject({ ok: true });
  });

  it('a table that took fewer rows, or that was tampered with before the backup, is told and nothing is kept', async () => {
    const source = await empty();
    const copy = join(folder, 'copia.backup');
    await copyFile(file, copy);
    expect(await restore(source.url, copy)).toMatchObject({ ok: true });
    const client = await source.db.pool.connect();
    await client.query('set session_replication_role = replica');
    await client.query(`update entries set doc = replace(doc, 'barra', 'raya') where seq = 2`);
    client.release(true);
    const tampered = join(folder, 'tocada.backup');
    expect(await backup(source.url, tampered)).toMatchObject({ ok: true });
    const target = await empty();
    expect(await restore(target.url, tampered)).toMatchObject({ error: { code: 'faults', desk: 'Mesa de prueba' } });
    expect((await target.db.pool.query('select 1 from desks')).rowCount).toBe(0);
  });
});
