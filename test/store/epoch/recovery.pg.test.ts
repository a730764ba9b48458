import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '../../../src/store/db/migrate.ts';
import { openDatabase } from '../../../src/store/db/pool.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/store/embedded/start.ts';
import { checkCluster, clusterOf } from '../../../src/store/epoch/check-cluster.ts';
import { newId } from '../../../src/store/new-id.ts';
import { createFixtureDesk } from '../../support/desk-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-recovery-'));
const running: EmbeddedPostgres[] = [];
afterAll(async () => {
  for (const postgres of running) await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
const start = async (name: string) => {
  const postgres = await startEmbeddedPostgres({ folder: join(folder, name), durable: true });
  running.push(postgres);
  const db = openDatabase({ url: postgres.url('postgres'), maxConnections: 3, onIdleError: () => undefined });
  return { postgres, db };
};
describe('a recovery to a point in time', () => {
  it('SY14 ends on another timeline of the same cluster, and opens a new epoch; a plain restart opens none', async () => {
    const first = await start('antes');
    await migrateDatabase(first.db);
    const { deskId } = await createFixtureDesk(first.db);
    const look = (db: typeof first.db) => checkCluster(db, { now: Date.now, newId });
    expect(await look(first.db)).toEqual([]);
    const before = await clusterOf(first.db);
    await first.db.close();
    await first.postgres.stop();
    // Owner and mode of every file as they are: PostgreSQL takes no others.
    execFileSync('cp', ['-a', join(folder, 'antes'), join(folder, 'despues')]);

    const again = await start('antes');
    expect(await look(again.db)).toEqual([]);
    await again.db.close();

    const cluster = join(folder, 'despues', 'cluster');
    const owner = statSync(cluster);
    writeFileSync(join(cluster, 'recovery.signal'), '');
    // An archive that has nothing more: the recovery ends where the copy does.
    appendFileSync(join(cluster, 'postgresql.auto.conf'), `restore_command = 'false'\n`);
    chownSync(join(cluster, 'recovery.signal'), owner.uid, owner.gid);
    const recovered = await start('despues');
    await expect
      .poll(async () => (await recovered.db.pool.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]?.r)
      .toBe(false);
    const [system, timeline] = (await clusterOf(recovered.db))?.split('/') ?? [];
    expect([system, Number(timeline)]).toEqual([before?.split('/')[0], Number(before?.split('/')[1]) + 1]);
    expect(await look(recovered.db)).toEqual([deskId]);
    expect(await look(recovered.db)).toEqual([]);
    await recovered.db.close();
  });
});
