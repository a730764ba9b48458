import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

const CONNECTIONS = 2;
let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
beforeEach(async () => {
  store = await startTestStore({ maxConnections: CONNECTIONS });
  desk = await createFixtureDesk(store.db);
  ana = await store.signIn(desk.accounts.ana);
});
afterEach(() => store.close());

const push = (commands: readonly unknown[]) =>
  store.send({
    path: '/sync/v1/push',
    token: ana.tokens.accessToken,
    body: { protocol: PROTOCOL_VERSION, commands },
  });
const effects = async (id: string) => {
  const { rows } = await store.db.pool.query<{ n: number }>(
    `select (select count(*) from commands where id = $1)
       + (select count(*) from entries where left(id, 36) = $1::text) as n`,
    [id],
  );
  return rows[0]?.n;
};

it('42 a pool with no connection left answers 503 with a time to try again; the same push then has its effect once', async () => {
  const held = await Promise.all(Array.from({ length: CONNECTIONS }, () => store.db.pool.connect()));
  const command = ana.command('register', v7(), registerPayload(desk));
  const answer = await push([command]);
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
  expect(answer.text).toContain('"unavailable"');
  for (const client of held) client.release();
  for (let n = 0; n < 2; n++) expect((await push([command])).status).toBe(200);
  expect(await effects(command.id)).toBe(2);
}, 40_000);

it.each([
  ['53100', 'a full disk'],
  ['53200', 'no memory left'],
  ['57P01', 'a server that is told to stop'],
  ['53300', 'no connection left at the server'],
])(
  '42 %s (%s) in the middle of a push: 503, nothing of it is kept, and the same push then has its effect once',
  async (code) => {
    // The database says so at the last write of the push, when everything else of it has been written.
    await store.db.pool.query(
      `create function fail_now() returns trigger language plpgsql as
       $$ begin raise exception 'planted' using errcode = '${code}'; end $$;
     create trigger planted before insert or update on incarnations for each row when (new.last_n > 0) execute function fail_now()`,
    );
    const commands = [
      ana.command('register', v7(), registerPayload(desk)),
      ana.command('register', v7(), registerPayload(desk)),
    ];
    const answer = await push(commands);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
    for (const { id } of commands) expect(await effects(id)).toBe(0);
    await store.db.pool.query('drop trigger planted on incarnations');
    for (let n = 0; n < 2; n++) expect((await push(commands)).status).toBe(200);
    for (const { id } of commands) expect(await effects(id)).toBe(2);
  },
);
