import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handInDetailsSchema } from '../../src/protocol/sync/auth.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { revokeDevice } from '../../src/store/admin/accounts.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

const main = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url));
let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

const wiped = (token: string, handedIn: number, left: number) =>
  store.send({ path: '/sync/v1/wiped', token, body: { protocol: PROTOCOL_VERSION, handedIn, left } });
const list = () =>
  spawnSync(process.execPath, [main, 'account', 'list', '--database-url', store.url], { encoding: 'utf8' }).stdout;

describe('a revoked device', () => {
  it('SY7 hands in, says with the hand-in token that its files are gone, and the list of accounts tells', async () => {
    const ana = await store.signIn(desk.accounts.ana);
    const { deviceId } = ana.tokens.session;
    expect((await wiped(ana.tokens.accessToken, 1, 0)).status).toBe(403);
    await revokeDevice(store.db, deviceId, Date.now());
    expect(list()).toMatch(new RegExp(`${deviceId}.*revoked, not yet wiped`));

    const refused = await store.send({
      path: '/auth/v1/refresh',
      body: { refreshToken: ana.tokens.refreshToken, requestId: v7() },
    });
    const { accessToken } = handInDetailsSchema.parse(JSON.parse(refused.text).error.details);
    expect((await wiped(accessToken, 3, 0)).status).toBe(204);
    const first = list();
    expect(first).toMatch(new RegExp(`${deviceId}.*wiped \\d{4}-.*\\(3 handed in\\)`));
    // Its answer was lost: said again, the time of the first stays.
    expect((await wiped(accessToken, 3, 2)).status).toBe(204);
    expect(list()).toBe(first.replace('(3 handed in)', '(3 handed in, 2 could not be)'));
  });
});
