import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Ticket } from '../../src/domain/ticket.ts';
import { commandHashInput, outcomeSchema, wireCommandSchema } from '../../src/protocol/sync/command.ts';
import {
  digestResponseSchema,
  helloResponseSchema,
  pullEndLineSchema,
  pushResponseSchema,
} from '../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../src/protocol/versions.ts';
import { createXorSum } from '../../src/shared/xor-sum.ts';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { createDeviceClient, type DeviceClient, sha256 } from '../support/device-client.ts';
import { createBareDatabase, type TestDatabase } from '../support/postgres.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

/** What the first version's store had answered; the README beside it says how it was made. */
const folder = join(import.meta.dirname, '../fixtures/databases/v1');
const old = z
  .object({
    password: z.string(),
    accounts: z.object({ ana: z.string(), admin: z.string() }),
    desk: z.string(),
    epoch: z.string(),
    end: z.object({ cursor: z.int(), logHash: z.string() }),
    incarnation: z.string(),
    deviceId: z.string(),
    commands: z.array(wireCommandSchema),
    answers: z.array(z.object({ outcome: outcomeSchema })),
    tickets: z.tuple([z.string(), z.string(), z.string()]),
  })
  .parse(JSON.parse(readFileSync(join(folder, 'store.json'), 'utf8')));

let database: TestDatabase;
let store: TestStore;
let ana: DeviceClient;
beforeAll(async () => {
  database = await createBareDatabase();
  await database.db.pool.query(gunzipSync(readFileSync(join(folder, 'store.sql.gz'))).toString('utf8'));
  await migrateDatabase(database.db);
  store = await startTestStore({ database });
  ana = await signIn();
});
afterAll(() => store.close());

/** On the device that the old console was. */
async function signIn(): Promise<DeviceClient> {
  const client = await createDeviceClient(store.send, { user: old.accounts.ana, password: old.password });
  const answer = await store.send({
    path: '/auth/v1/sign-in',
    body: { user: old.accounts.ana, password: old.password, device: { id: old.deviceId, name: 'la de antes' } },
  });
  expect(answer.status).toBe(200);
  client.tokens = JSON.parse(answer.text);
  expect(client.tokens.session.deviceId).toBe(old.deviceId);
  return client;
}
const post = async (path: string, body: unknown) => {
  const { status, text } = await store.send({ path: `/sync/v1/${path}`, token: ana.tokens.accessToken, body });
  return { status, body: JSON.parse(text) };
};
const mine = old.commands.filter(({ incarnation }) => incarnation === old.incarnation);
const lastOfMine = () => {
  const last = mine.at(-1);
  if (last === undefined) throw new Error('no command');
  return last;
};
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a database of the first version', () => {
  it('SY16: is brought up to date with everything that it held', async () => {
    const report = await verifyDesk(database.db, old.desk, 'Mesa de prueba');
    expect(report).toMatchObject({ tickets: 3, commands: old.commands.length, faults: [] });
  });

  it('SY14: a console of then goes on from its cursor, in the same epoch, and is given its seals', async () => {
    const hello = await post('hello', {
      protocol: PROTOCOL_VERSION,
      schema: SCHEMA_VERSION,
      incarnation: old.incarnation,
      lastN: mine.length,
      cursor: old.end.cursor,
      logHash: old.end.logHash,
    });
    expect(helloResponseSchema.parse(hello.body)).toMatchObject({
      epoch: old.epoch,
      cursorKnown: true,
      lastN: mine.length,
      restoredAt: null,
    });
    const end = (await ana.pull(old.end.cursor)).at(-1);
    expect(pullEndLineSchema.parse(end)).toMatchObject({
      cursor: old.end.cursor,
      logHash: old.end.logHash,
      more: false,
    });
  });

  it('SY2 SY11: what it answered it answers again, to the byte', async () => {
    const pushed = await ana.pushRaw(mine);
    expect(pushed.status).toBe(200);
    const { results } = pushResponseSchema.parse(JSON.parse(pushed.text));
    const before = old.answers.filter(({ outcome }) => mine.some(({ id }) => id === outcome.commandId));
    expect(results.every(({ replayed }) => replayed)).toBe(true);
    expect(JSON.stringify(results.map(({ outcome }) => outcome))).toBe(
      JSON.stringify(before.map(({ outcome }) => outcome)),
    );
  });

  it('SY4: serves its rows with digests of their text', async () => {
    const lines = await store.send({
      path: '/sync/v1/snapshot',
      token: ana.tokens.accessToken,
      body: {
        protocol: PROTOCOL_VERSION,
        entity: 'site',
        after: null,
        scopeVersion: ana.tokens.session.scopeVersion,
        limit: 100,
      },
    });
    const opening = '{"t":"up","e":"site","row":';
    const sum = createXorSum();
    const sites = lines.text.split('\n').filter((line) => line.startsWith(opening));
    for (const line of sites) sum.add(digest(line.slice(opening.length, -1)));
    expect(sites.length).toBeGreaterThan(0);
    const answer = await post('digest', {
      protocol: PROTOCOL_VERSION,
      epoch: old.epoch,
      cursor: old.end.cursor,
      scopeVersion: ana.tokens.session.scopeVersion,
    });
    expect(answer.status).toBe(200);
    const { directory, buckets } = digestResponseSchema.parse(answer.body);
    expect(directory).toContainEqual({ e: 'site', n: sites.length, x: sum.hex() });
    expect(buckets.length).toBeGreaterThan(0);
  });

  it('SY3: the chain of then goes on, on the tickets of then', async () => {
    const [one] = old.tickets;
    const last = lastOfMine();
    const command = ana.command('addNote', one, { visibility: 'public', text: 'de la versión de hoy' });
    const next = {
      ...command,
      deviceId: old.deviceId,
      incarnation: old.incarnation,
      n: last.n + 1,
      prevHash: sha256(commandHashInput(last)),
    };
    const pushed = await ana.pushRaw([next]);
    expect(pushed.status).toBe(200);
    expect(pushResponseSchema.parse(JSON.parse(pushed.text)).results).toMatchObject([
      { replayed: false, outcome: { verdict: { kind: 'applied' } } },
    ]);
    const lines = await ana.pull(old.end.cursor);
    const row = lines.find(({ e, row }) => e === 'ticket' && row?.['id'] === one)?.row as Ticket | undefined;
    expect(row).toMatchObject({ subject: 'Primero: señal 网络', noteCount: 2 });
    expect((await verifyDesk(database.db, old.desk, 'Mesa de prueba')).faults).toEqual([]);
  });
});
