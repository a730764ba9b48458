import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { revokeDevice } from '../../src/store/admin/accounts.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';
import { callInput } from './call-input.ts';
import { freshDataDir, spawnTestConsole } from './spawn.ts';

let store: TestStore;
let desk: Desk;
let url: string;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => store.close());

test('SY1 SY7 SY16 a device that the store revokes hands in, leaves nothing on the disk, tells store and person', async () => {
  const dataDir = freshDataDir();
  const ana = await spawnTestConsole(url, dataDir);
  const { session } = await ana.call('session.signIn', desk.accounts.ana);
  await ana.until('connection.get', {}, ({ state }) => state === 'online');
  await revokeDevice(store.db, session.deviceId, Date.now());
  const registered = await ana.call('acts.register', callInput(desk, 'Escrito en un equipo dado de baja', false));
  expect(registered.ok).toBe(true);
  await ana.call('connection.retryNow', {});
  const { farewell } = await ana.until('session.farewell', {}, (held) => held.farewell?.confirmed === true);
  expect(farewell).toMatchObject({ user: session.user, left: 0 });
  expect(readdirSync(join(dataDir, 'console', 'profiles'))).toEqual([]);
  expect(await ana.call('session.get', {})).toMatchObject({ session: null, profiles: [] });
  // What it wrote is at the store, with its content.
  const kept = await store.db.orm.execute(
    sql`select count(*)::int as found from commands where device_id = ${session.deviceId} and envelope like '%dado de baja%'`,
  );
  expect(kept.rows).toEqual([{ found: 1 }]);
  await ana.console.stop();
  // Another person, and the same machine as a new device.
  const beto = await spawnTestConsole(url, dataDir);
  expect((await beto.call('session.farewell', {})).farewell).toMatchObject({ user: session.user, confirmed: true });
  await beto.call('session.signIn', desk.accounts.beto);
  expect((await beto.call('session.farewell', {})).farewell).toBeNull();
  await beto.console.stop();
  expect([...ana.fatal, ...beto.fatal]).toEqual([]);
});
