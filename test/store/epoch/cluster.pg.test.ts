import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCluster, clusterOf } from '../../../src/store/epoch/check-cluster.ts';
import { takeServeLock } from '../../../src/store/epoch/serve-lock.ts';
import { newId } from '../../../src/store/new-id.ts';
import { startStore } from '../../../src/store/start-store.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let desks: Desk[];
beforeAll(async () => {
  database = await createTestDatabase();
  desks = [await createFixtureDesk(database.db), await createFixtureDesk(database.db, '-2')];
});
afterAll(() => database.drop());

const look = () => checkCluster(database.db, { now: () => 1_000, newId });
const rows = async () => {
  const { rows } = await database.db.pool.query<{ epoch: string; cluster: string | null; restoredAt: number | null }>(
    'select epoch, cluster, restored_at as "restoredAt" from desks order by created_at',
  );
  return rows;
};
const start = () =>
  startStore({ databaseUrl: database.url, host: '127.0.0.1', port: 0, logger: pino({ level: 'silent' }) });

describe('the cluster that a desk is served from', () => {
  it('SY14 is recorded as the desk is made, of an older desk at first sight, and opens nothing while it stays', async () => {
    const made = await rows();
    expect(made.map(({ cluster }) => cluster)).toEqual(made.map(() => made[0]?.cluster));
    expect(made[0]?.cluster).not.toBeNull();
    await database.db.pool.query('update desks set cluster = null');
    const before = await rows();
    const cluster = await clusterOf(database.db);
    expect(cluster).toMatch(/^\d{10,20}\/\d+$/);
    expect(await look()).toEqual([]);
    expect(await look()).toEqual([]);
    expect(await rows()).toEqual(before.map((row) => ({ ...row, cluster })));
  });

  it('SY14 another identifier or timeline opens a new epoch for every desk, once, whichever processes see it', async () => {
    const before = await rows();
    await database.db.pool.query(`update desks set cluster = '7/1'`);
    const opened = await Promise.all(Array.from({ length: 6 }, look));
    expect(opened.flat().sort()).toEqual(desks.map((desk) => desk.deskId).sort());
    const after = await rows();
    expect(after.map(({ restoredAt }) => restoredAt)).toEqual([1_000, 1_000]);
    expect(new Set([...before, ...after].map(({ epoch }) => epoch)).size).toBe(4);
  });

  it('SY14 a store process looks at its start', async () => {
    const before = await rows();
    await database.db.pool.query(`update desks set cluster = '7/1'`);
    const stores = await Promise.all([start(), start()]);
    const after = await rows();
    expect(after.filter((row, index) => row.epoch === before[index]?.epoch)).toEqual([]);
    await Promise.all(stores.map((store) => store.stop()));
  });

  it('a store does not start while a restore runs, and a restore does not while a store serves', async () => {
    const options = { url: database.url, onLost: () => undefined };
    const restore = await takeServeLock({ ...options, mode: 'restore' });
    await expect(start()).rejects.toThrow('A restore of this database is under way');
    await restore?.release();
    const store = await start();
    expect(await takeServeLock({ ...options, mode: 'restore' })).toBeNull();
    await store.stop();
    const again = await takeServeLock({ ...options, mode: 'restore' });
    expect(again).not.toBeNull();
    await again?.release();
  });

  it('SY14 a store whose connection broke holds the database again, and looks again', async () => {
    const store = await start();
    await database.db.pool.query(`update desks set cluster = '7/1'`);
    await database.db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chasqui-serve' and datname = current_database()`,
    );
    await expect.poll(async () => (await rows())[0]?.cluster, { timeout: 90_000 }).toBe(await clusterOf(database.db));
    const restore = () => takeServeLock({ url: database.url, mode: 'restore', onLost: () => undefined });
    expect(await restore()).toBeNull();
    await store.stop();
  });
});
