import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handInDetailsSchema, type Tokens, tokensSchema } from '../../src/protocol/sync/auth.ts';
import { resetPassword, revokeAccount, revokeDevice } from '../../src/store/admin/accounts.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk, PASSWORD } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

const codeOf = (answer: { text: string }) => (JSON.parse(answer.text) as { error?: { code: string } }).error?.code;
const refresh = (refreshToken: string, requestId = v7()) =>
  store.send({ path: '/auth/v1/refresh', body: { refreshToken, requestId } });
const tokensOf = (answer: { text: string }): Tokens => tokensSchema.parse(JSON.parse(answer.text));
const signIn = (user: string, password: string, id: string | null = null) =>
  store.send({ path: '/auth/v1/sign-in', body: { user, password, device: { id, name: 'PC' } } });
const hello = (token: string) =>
  store.send({
    path: '/sync/v1/hello',
    token,
    body: { protocol: 1, schema: 1, incarnation: v7(), lastN: 0, cursor: null, logHash: null },
  });

describe('sign-in', () => {
  it('says who one is; the name in any case; a device keeps its id and prefix', async () => {
    const first = tokensOf(await signIn('ANA', PASSWORD));
    expect(first.session).toMatchObject({
      user: 'ana',
      role: 'technician',
      personName: 'Ana Ramos',
      siteName: 'Sede Central',
    });
    expect(first.session.grant).toMatchObject({
      everything: false,
      siteIds: [desk.sites.lima],
      teamIds: [desk.teams.limaDesk],
    });
    const again = tokensOf(await signIn('ana', PASSWORD, first.session.deviceId));
    expect(again.session).toMatchObject({ deviceId: first.session.deviceId, devicePrefix: first.session.devicePrefix });
    const other = tokensOf(await signIn('ana', PASSWORD));
    expect(other.session.devicePrefix).not.toBe(first.session.devicePrefix);
    // The id of somebody else's device is not taken over.
    const beto = tokensOf(await signIn('beto', PASSWORD, first.session.deviceId));
    expect(beto.session.deviceId).not.toBe(first.session.deviceId);
  });

  it.each([
    ['ana', 'otra'],
    ['nadie', PASSWORD],
    ['*', PASSWORD],
    [')(uid=*', PASSWORD],
    ['a\u0000na', PASSWORD],
    ['\ud800', PASSWORD],
    ["ana' or '1'='1", PASSWORD],
  ])('45 refuses %j with one answer', async (user, password) => {
    const answer = await signIn(user, password);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'badCredentials']);
  });

  it('bounds the attempts of a name, with a time to wait, and lets others in', async () => {
    for (let attempt = 0; attempt < 10; attempt++) await signIn('carla', 'mala');
    const answer = await signIn('carla', PASSWORD);
    expect([answer.status, codeOf(answer)]).toEqual([429, 'tooManyAttempts']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(60);
    expect((await signIn('ana', PASSWORD)).status).toBe(200);
    store.clock.offset += 6 * 60_000;
    expect((await signIn('carla', PASSWORD)).status).toBe(200);
  });

  it('never sends a password, a hash or a token’s hash', async () => {
    const answer = await signIn('ana', PASSWORD);
    expect(answer.text).not.toMatch(/argon2|password(?!")|hash/i);
    const { rows } = await store.db.pool.query<{ all: string }>(
      'select string_agg(s::text, $1) as all from sessions s',
      ['\n'],
    );
    const tokens = tokensOf(answer);
    expect(rows[0]?.all).not.toContain(tokens.refreshToken.split('.')[1]);
    expect(rows[0]?.all).not.toContain(tokens.accessToken.split('.')[1]);
  });
});

describe('refresh', () => {
  it('gives the same successor to the same request until it is used, and ends the session on reuse', async () => {
    const start = tokensOf(await signIn('ana', PASSWORD));
    const request = v7();
    const first = tokensOf(await refresh(start.refreshToken, request));
    const lost = tokensOf(await refresh(start.refreshToken, request));
    expect([lost.refreshToken, lost.accessToken]).toEqual([first.refreshToken, first.accessToken]);
    expect((await hello(lost.accessToken)).status).toBe(200);
    // The old access token is good until its own end: a request under way is not cut off.
    expect((await hello(start.accessToken)).status).toBe(200);
    const second = tokensOf(await refresh(first.refreshToken));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const reused = await refresh(start.refreshToken, request);
    expect([reused.status, codeOf(reused)]).toEqual([401, 'sessionRevoked']);
    expect(codeOf(await refresh(second.refreshToken))).toBe('sessionRevoked');
    expect((await hello(second.accessToken)).status).toBe(401);
  });

  it('41 a spent token with another request id ends the session, and new sign-in goes on with the same device', async () => {
    const start = tokensOf(await signIn('ana', PASSWORD));
    await refresh(start.refreshToken);
    expect(codeOf(await refresh(start.refreshToken))).toBe('sessionRevoked');
    const again = tokensOf(await signIn('ana', PASSWORD, start.session.deviceId));
    expect(again.session.deviceId).toBe(start.session.deviceId);
  });

  it('the same request many times at once rotates once', async () => {
    const start = tokensOf(await signIn('ana', PASSWORD));
    const request = v7();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(start.refreshToken, request)));
    expect(new Set(answers.map((answer) => tokensOf(answer).refreshToken)).size).toBe(1);
  });

  it('an access token ends after a quarter of an hour', async () => {
    const start = tokensOf(await signIn('ana', PASSWORD));
    store.clock.offset += 15 * 60_000;
    expect(codeOf(await hello(start.accessToken))).toBe('unauthenticated');
    expect((await hello(tokensOf(await refresh(start.refreshToken)).accessToken)).status).toBe(200);
  });

  it.each(['', 'x', `${v7()}.${'A'.repeat(43)}`, "'; drop table sessions --"])(
    'refuses the token %j',
    async (token) => {
      expect(codeOf(await refresh(token))).toBe('sessionRevoked');
    },
  );
});

describe('ends', () => {
  it('a revoked person cannot sign in, and reads nothing from the session that is open', async () => {
    const carla = tokensOf(await signIn('carla', PASSWORD));
    expect(await revokeAccount(store.db, 'Carla', store.clock.now())).toBe(true);
    expect(await revokeAccount(store.db, 'nadie', store.clock.now())).toBe(false);
    expect(codeOf(await hello(carla.accessToken))).toBe('deviceRevoked');
    expect(codeOf(await signIn('carla', PASSWORD))).toBe('badCredentials');
  });

  it('sign-out ends this session and no other', async () => {
    const [one, two] = [tokensOf(await signIn('ana', PASSWORD)), tokensOf(await signIn('ana', PASSWORD))];
    expect((await store.send({ path: '/auth/v1/sign-out', token: one.accessToken })).status).toBe(204);
    expect((await hello(one.accessToken)).status).toBe(401);
    expect((await hello(two.accessToken)).status).toBe(200);
  });

  it('a new password ends the other sessions; weak ones are refused', async () => {
    const [one, two] = [tokensOf(await signIn('beto', PASSWORD)), tokensOf(await signIn('beto', PASSWORD))];
    const change = (current: string, next: string) =>
      store.send({ path: '/auth/v1/password', token: one.accessToken, body: { current, next } });
    expect(codeOf(await change('no es esta', 'una frase nueva'))).toBe('badCredentials');
    expect(codeOf(await change(PASSWORD, 'beto-beto-beto'))).toBe('passwordTooWeak');
    expect(codeOf(await change(PASSWORD, 'aaaaaaaaaaaa'))).toBe('passwordTooWeak');
    expect((await change(PASSWORD, 'una frase nueva')).status).toBe(204);
    expect((await hello(one.accessToken)).status).toBe(200);
    expect((await hello(two.accessToken)).status).toBe(401);
    expect((await signIn('beto', PASSWORD)).status).toBe(401);
    await resetPassword(
      { db: store.db, passwords: createPasswords(), now: () => store.clock.now() },
      'beto',
      'primera clave',
    );
    expect((await hello(one.accessToken)).status).toBe(401);
    expect(tokensOf(await signIn('beto', 'primera clave')).session.mustChangePassword).toBe(true);
  });

  it('a revoked device reads nothing more; what it still holds is parked with its content, by a token that opens nothing else', async () => {
    const dora = await store.signIn(desk.accounts.dora);
    const ticketId = v7();
    await dora.push(dora.command('register', ticketId, registerPayload(desk)));
    await revokeDevice(store.db, dora.tokens.session.deviceId, store.clock.now());
    expect(codeOf(await hello(dora.tokens.accessToken))).toBe('deviceRevoked');
    await expect(dora.pull(0)).rejects.toThrow();
    store.clock.offset += 16 * 60_000;
    const drained = await refresh(dora.tokens.refreshToken);
    expect(codeOf(drained)).toBe('deviceRevoked');
    const { details } = (JSON.parse(drained.text) as { error: { details: { accessToken: string } } }).error;
    expect(codeOf(await hello(details.accessToken))).toBe('deviceRevoked');
    dora.tokens = { ...dora.tokens, accessToken: details.accessToken };
    const text = 'esto se escribió sin red';
    const pushed = await dora.push(
      dora.command('addNote', ticketId, { visibility: 'internal', text }),
      dora.command('claim', ticketId, {}),
    );
    expect(pushed.results.map((result) => result.outcome.verdict.kind)).toEqual(['parked', 'refused']);
    const { rows } = await store.db.pool.query<{ doc: string }>('select doc from tickets where id = $1', [ticketId]);
    expect(rows[0]?.doc).toContain(text);
    // Its session may have ended too: who knows the password may hand in what is left, and nothing else.
    const refused = await signIn('dora', PASSWORD, dora.tokens.session.deviceId);
    expect(codeOf(refused)).toBe('deviceRevoked');
    const { accessToken } = handInDetailsSchema.parse(JSON.parse(refused.text).error.details);
    expect(codeOf(await hello(accessToken))).toBe('deviceRevoked');
    dora.tokens = { ...dora.tokens, accessToken };
    const [last] = (await dora.push(dora.command('addNote', ticketId, { visibility: 'internal', text: 'y esto' })))
      .results;
    expect(last?.outcome.verdict.kind).toBe('parked');
    expect(codeOf(await signIn('dora', 'otra clave', dora.tokens.session.deviceId))).toBe('badCredentials');
  });
});
