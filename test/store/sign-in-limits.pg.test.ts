import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { SendRequest } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let other: { send: SendRequest };
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  other = await store.another();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

const tryAt = async (send: SendRequest, user: string, password: string) =>
  (await send({ path: '/auth/v1/sign-in', body: { user, password, device: { id: null, name: '' } } })).status;

it('6.2 ten failures count over all processes; the right password at any of them forgets them', async () => {
  const { user, password } = desk.accounts.ana;
  for (let n = 0; n < 9; n++) expect(await tryAt(n % 2 === 0 ? store.send : other.send, user, 'no')).toBe(401);
  expect(await tryAt(other.send, user.toUpperCase(), password)).toBe(200);
  for (let n = 0; n < 10; n++) expect(await tryAt(n % 2 === 0 ? store.send : other.send, user, 'no')).toBe(401);
  for (const { send } of [store, other]) expect(await tryAt(send, user, password)).toBe(429);
  // Of somebody else at the same address not a word.
  expect(await tryAt(other.send, desk.accounts.beto.user, desk.accounts.beto.password)).toBe(200);
  store.clock.offset += 5 * 60_000 + 1;
  expect(await tryAt(store.send, user, password)).toBe(200);
});

it('6.2 what is kept names nobody and goes with its window; failures at the same moment are all counted', async () => {
  const { user } = desk.accounts.beto;
  store.clock.offset += 10 * 60_000;
  await Promise.all(Array.from({ length: 8 }, (_, n) => tryAt(n % 2 === 0 ? store.send : other.send, user, 'no')));
  const { rows } = await store.db.pool.query<{ key: string; n: number }>(
    'select key, cardinality(times) as n from sign_in_failures',
  );
  // The person and the address; those of the other test are out of their window and gone.
  expect(rows.map(({ n }) => n)).toEqual([8, 8]);
  for (const { key } of rows) expect(key).toMatch(/^[0-9a-f]{64}$/u);
});
