import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_VERSION } from '../../src/domain/commands.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../src/protocol/versions.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { createDeviceClient, type DeviceClient, type Line } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

/** Bodies as a program of that age wrote them, key by key: nothing of today's schemas is used to make them. */
function console(client: DeviceClient, protocol: number, more: Record<string, unknown> = {}) {
  const post = async (path: string, body: object) => {
    const answer = await client.send({ path: `/sync/v1/${path}`, token: client.tokens.accessToken, body });
    const read = (): Record<string, unknown> => JSON.parse(answer.text);
    return { ...answer, read };
  };
  return {
    hello: () =>
      post('hello', {
        protocol,
        schema: protocol,
        incarnation: client.incarnation,
        lastN: 0,
        cursor: null,
        logHash: null,
        ...more,
      }),
    push: (...commands: readonly unknown[]) => post('push', { protocol, commands }),
    pull: (epoch: unknown, cursor: number) =>
      post('pull', { protocol, epoch, cursor, scopeVersion: client.tokens.session.scopeVersion, limit: 500 }),
    snapshot: (entity: string) =>
      post('snapshot', {
        protocol,
        entity,
        after: null,
        scopeVersion: client.tokens.session.scopeVersion,
        limit: 500,
      }),
  };
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const first = { commandVersion: 1 };

describe('SY16 a console of protocol 1', () => {
  it('says hello and pushes as it did: no marks, no epoch, bodies of then; each command has its effect and its answer', async () => {
    const client = await store.signIn(desk.accounts.ana);
    const v1 = console(client, 1);
    const hello = (await v1.hello()).read();
    // Everything that it read of the answer is still there, of the same kind.
    expect(hello).toMatchObject({
      protocol: PROTOCOL_VERSION,
      minProtocol: MIN_PROTOCOL_VERSION,
      schema: SCHEMA_VERSION,
      deskId: expect.any(String),
      deskName: expect.any(String),
      epoch: expect.any(String),
      cursorKnown: false,
      head: expect.any(Number),
      durable: expect.any(Number),
      lastN: 0,
      serverTime: expect.any(Number),
      scopeVersion: client.tokens.session.scopeVersion,
    });
    const ticketId = v7();
    const pushed = await v1.push(
      client.command('register', ticketId, registerPayload(desk), first),
      client.command('addNote', ticketId, { visibility: 'internal', text: 'de antes' }, first),
    );
    expect(pushed.status).toBe(200);
    expect(pushed.read()).toMatchObject({
      results: [
        { replayed: false, outcome: { ticketId, verdict: { kind: 'applied' }, ticketVersion: 1 } },
        { replayed: false, outcome: { ticketId, verdict: { kind: 'applied' }, ticketVersion: 2 } },
      ],
      held: null,
      serverTime: expect.any(Number),
      head: expect.any(Number),
    });
    const merged = v7();
    const later = await client.push(
      client.command('register', merged, registerPayload(desk)),
      client.command('merge', merged, { intoTicketId: ticketId }),
    );
    expect(later.results.map(({ outcome }) => outcome.verdict.kind)).toEqual(['applied', 'applied']);
    const again = await v1.push(
      client.command('addNote', merged, { visibility: 'internal', text: 'tras fundir' }, first),
    );
    expect(again.read()).toMatchObject({ results: [{ replayed: false, outcome: { ticketVersion: 3 } }], held: null });
  });

  it('is told by a code that it must be updated, before it is sent a row that it cannot read', async () => {
    const client = await store.signIn(desk.accounts.ana);
    const v1 = console(client, 1);
    const hello = (await v1.hello()).read();
    for (const answer of [await v1.pull(hello['epoch'], 0), await v1.snapshot('ticket')])
      expect([answer.status, answer.read()]).toMatchObject([400, { error: { code: 'protocolTooOld' } }]);
  });

  it('so will the consoles of today be by a store that moved on, and hand in all that they wrote', async () => {
    const moved = await store.another({ minProtocol: PROTOCOL_VERSION + 1 });
    const client = await createDeviceClient(moved.send, desk.accounts.ana);
    const today = console(client, PROTOCOL_VERSION);
    const hello = await today.hello();
    expect(hello.read()).toMatchObject({ minProtocol: PROTOCOL_VERSION + 1 });
    for (const answer of [await today.pull(hello.read()['epoch'], 0), await today.snapshot('ticket')])
      expect([answer.status, answer.read()]).toMatchObject([400, { error: { code: 'protocolTooOld' } }]);
    const ticketId = v7();
    const pushed = await today.push(client.command('register', ticketId, registerPayload(desk)));
    expect(pushed.read()).toMatchObject({ results: [{ outcome: { ticketId, verdict: { kind: 'applied' } } }] });
  });
});

describe('SY16 a console newer than the store', () => {
  it('is told how old the store is, whatever else it says in its hello', async () => {
    const client = await store.signIn(desk.accounts.ana);
    const v9 = console(client, 9, { wants: ['a', { b: 1 }], schema: 9 });
    const hello = await v9.hello();
    expect([hello.status, hello.read()['protocol']]).toEqual([200, PROTOCOL_VERSION]);
    expect(linesOf((await v9.pull(hello.read()['epoch'], 0)).text).at(-1)).toMatchObject({ t: 'end' });
  });

  it('pushes what the store understands; from the first command that is newer everything is held, untouched and named', async () => {
    const client = await store.signIn(desk.accounts.ana);
    const v9 = console(client, 9);
    const ticketId = v7();
    const known = client.command('register', ticketId, registerPayload(desk));
    const newer = client.command(
      'addNote',
      ticketId,
      { visibility: 'internal', text: 'una forma que no existe aún' },
      { commandVersion: COMMAND_VERSION + 1 },
    );
    const after = client.command('addNote', ticketId, { visibility: 'internal', text: 'y lo de después' });
    const pushed = await v9.push(known, newer, after);
    expect(pushed.read()).toMatchObject({
      results: [{ outcome: { commandId: known.id, verdict: { kind: 'applied' } } }],
      held: { commandId: newer.id, code: 'storeTooOld' },
    });
    const again = await v9.push(newer, after);
    expect(again.read()).toMatchObject({ results: [], held: { commandId: newer.id } });
    const { rows } = await store.db.pool.query('select 1 from commands where id = any($1::uuid[])', [
      [newer.id, after.id],
    ]);
    expect(rows).toEqual([]);
  });

  it('a type that the store has never heard of is refused with its content, and the rest goes on', async () => {
    const client = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    const text = { visibility: 'internal' as const, text: 'sube al techo' };
    const pushed = await console(client, PROTOCOL_VERSION).push(
      client.command('register', ticketId, registerPayload(desk)),
      client.command('addNote', ticketId, text, { type: 'levitate' }),
      client.command('addNote', ticketId, text),
    );
    expect(pushed.read()).toMatchObject({
      results: [
        { outcome: { verdict: { kind: 'applied' } } },
        { outcome: { verdict: { kind: 'refused' } } },
        { outcome: { verdict: { kind: 'applied' } } },
      ],
      held: null,
    });
    const { rows } = await store.db.pool.query<{ envelope: string }>(
      `select envelope from commands where envelope like '%levitate%'`,
    );
    expect(rows[0]?.envelope).toContain('sube al techo');
  });
});
