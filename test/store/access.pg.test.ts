import Fastify from 'fastify';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { installGuard } from '../../src/store/routes/access.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let foreign: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  foreign = await createFixtureDesk(store.db, '-otra');
});
afterAll(() => store.close());

const body = {
  '/sync/v1/hello': { protocol: PROTOCOL_VERSION, schema: 1, incarnation: v7(), lastN: 0, cursor: null, logHash: null },
  '/sync/v1/push': { protocol: PROTOCOL_VERSION, commands: [] },
  '/sync/v1/pull': { protocol: PROTOCOL_VERSION, epoch: v7(), cursor: 0, scopeVersion: 'x', limit: 1 },
  '/sync/v1/snapshot': { protocol: PROTOCOL_VERSION, entity: 'ticket', after: null, scopeVersion: 'x', limit: 1 },
  '/sync/v1/digest': { protocol: PROTOCOL_VERSION, epoch: v7(), cursor: 0, scopeVersion: 'x' },
  '/sync/v1/digest/rows': {
    protocol: PROTOCOL_VERSION,
    epoch: v7(),
    cursor: 0,
    scopeVersion: 'x',
    buckets: [],
    directory: [],
  },
  '/sync/v1/rows': {
    protocol: PROTOCOL_VERSION,
    epoch: v7(),
    cursor: 0,
    scopeVersion: 'x',
    rows: [{ e: 'ticket', id: v7() }],
  },
  '/sync/v1/search': { protocol: PROTOCOL_VERSION, text: 'x', limit: 1 },
  '/blobs/v1/offer': { files: [{ ticketId: v7(), attachmentId: v7(), sha256: 'a'.repeat(64), size: 1 }] },
  '/blobs/v1/open': { ticketId: v7(), attachmentId: v7() },
  '/sync/v1/wiped': { protocol: PROTOCOL_VERSION, handedIn: 0, left: 0 },
  '/auth/v1/password': { current: 'a', next: 'una frase nueva' },
  '/auth/v1/sign-out': {},
} as const;
/** Routes that take no JSON, with their methods. */
const bodiless: Record<string, readonly ('GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE')[]> = {
  '/sync/v1/poke': ['GET'],
  '/blobs/v1/uploads': ['POST'],
  '/blobs/v1/uploads/{id}': ['HEAD', 'POST', 'PATCH', 'DELETE'],
};
const publicRoutes = ['/healthz', '/readyz', '/openapi.json', '/auth/v1/trial', '/auth/v1/sign-in', '/auth/v1/refresh'];

describe('access', () => {
  it('a route that declares no access policy does not start', async () => {
    const app = Fastify();
    const news = { start() {}, stop: async () => {}, subscribe: () => () => {} };
    installGuard(app, { db: store.db, passwords: createPasswords(), now: Date.now, newId: v7, ...{ news } });
    expect(() => app.get('/forgotten', async () => 'x')).toThrow('/forgotten declares no access policy');
    expect(() => app.get('/wrong', { config: { access: 'everyone' as 'public' } }, async () => 'x')).toThrow(
      'access policy',
    );
  });

  it('every route but the public ones wants a token', async () => {
    const spec = JSON.parse((await store.send({ method: 'GET', path: '/openapi.json' })).text) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const guarded = Object.keys(spec.paths).filter((path) => !publicRoutes.includes(path));
    // A new route must come into this test: it fails here until it does.
    expect(guarded.sort()).toEqual([...Object.keys(body), ...Object.keys(bodiless)].sort());
    const asked = guarded.flatMap((path) => (bodiless[path] ?? ['POST' as const]).map((method) => ({ method, path })));
    for (const { method, path } of asked) {
      for (const token of [undefined, 'x', `${v7()}.${'A'.repeat(43)}`, 'null']) {
        const answer = await store.send({
          method,
          path,
          ...(path in bodiless ? {} : { body: body[path as keyof typeof body] }),
          ...(token ? { token } : {}),
        });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
  });

  it.each(Object.entries(body))('36 %s takes no field that it does not know', async (path, fields) => {
    if (path === '/auth/v1/sign-out') return;
    const ana = await store.signIn(desk.accounts.ana);
    // A hello is read loosely, so that a later console can be told what to do (SY16); what it does not know it does not use.
    const status = path === '/sync/v1/hello' ? 200 : 400;
    for (const field of ['role', 'deskId', 'everything', 'personId']) {
      const answer = await store.send({
        path,
        token: ana.tokens.accessToken,
        body: { ...fields, [field]: 'administrator' },
      });
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('administrator');
    }
  });

  it('errors of the store show nothing of its inside; a wrong path is a plain 404', async () => {
    const answer = await store.send({ method: 'GET', path: '/../etc/passwd' });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      404,
      { error: { code: 'notFound', message: 'there is no such thing' } },
    ]);
    const bad = await store.app.inject({
      method: 'POST',
      url: '/auth/v1/sign-in',
      headers: { 'content-type': 'application/json' },
      payload: '{"user":',
    });
    expect(bad.statusCode).toBe(400);
    expect(bad.body).not.toMatch(/at |node_modules|Unexpected/);
  });

  it('a body beyond the limit answers 413', async () => {
    const answer = await store.send({
      path: '/auth/v1/sign-in',
      body: { user: 'a', password: 'x'.repeat(70_000), device: { id: null, name: '' } },
    });
    expect([answer.status, answer.text]).toEqual([413, expect.stringContaining('tooLarge')]);
  });
});

describe('35 scope, role by role', () => {
  it('nobody ever reads a ticket of another desk, and of the own desk only what the scope holds', async () => {
    const where = { lima: v7(), cusco: v7() };
    const admin = await store.signIn(desk.accounts.admin);
    await admin.push(
      admin.command('register', where.lima, registerPayload(desk)),
      admin.command(
        'register',
        where.cusco,
        registerPayload(desk, { siteId: desk.sites.cusco, teamId: desk.teams.cuscoDesk }),
      ),
    );
    const elsewhere = v7();
    const stranger = await store.signIn(foreign.accounts.admin);
    await stranger.push(stranger.command('register', elsewhere, registerPayload(foreign)));
    const expected = {
      ana: ['lima'],
      beto: ['cusco'],
      carla: [],
      dora: ['lima'],
      admin: ['lima', 'cusco'],
      program: ['lima', 'cusco'],
    } as const;
    for (const [name, sees] of Object.entries(expected)) {
      const who = await store.signIn(desk.accounts[name as keyof typeof expected]);
      const text = JSON.stringify([await who.snapshot('ticket'), await who.snapshot('entry'), await who.pull(0)]);
      const found = Object.entries(where).flatMap(([place, id]) => (text.includes(id) ? [place] : []));
      expect([name, found]).toEqual([name, [...sees]]);
      expect(text).not.toContain(elsewhere);
      expect(text).not.toContain(foreign.sites.lima);
    }
  });

  it('an act on a ticket of another desk answers like one on a ticket that is nowhere', async () => {
    const elsewhere = v7();
    const stranger = await store.signIn(foreign.accounts.admin);
    await stranger.push(stranger.command('register', elsewhere, registerPayload(foreign)));
    const admin = await store.signIn(desk.accounts.admin);
    const acts = (id: string) => [
      admin.command('claim', id, {}),
      admin.command('addNote', id, { visibility: 'internal', text: 'x' }),
      admin.command('resolve', id, { solution: 'x', duringCall: false }),
    ];
    const strip = (outcome: object) => ({ ...outcome, commandId: null, ticketId: null, recordedAt: null });
    const theirs = (await admin.push(...acts(elsewhere))).results.map((result) => strip(result.outcome));
    const nobodys = (await admin.push(...acts(v7()))).results.map((result) => strip(result.outcome));
    expect(theirs).toEqual(nobodys);
    // Two desks may even use one id for two tickets.
    expect(
      (await admin.push(admin.command('register', elsewhere, registerPayload(desk)))).results[0]?.outcome.verdict,
    ).toEqual({ kind: 'applied' });
  });
});
