import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { logFiles } from '../../src/platform-node/log-file.ts';
import { type RunningStore, startStore } from '../../src/store/start-store.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from './spawn.ts';

const lineSchema = z.looseObject({
  trace: z.string().optional(),
  event: z.string().optional(),
  msg: z.string().optional(),
});
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => lineSchema.parse(JSON.parse(line)));

let database: TestDatabase;
let desk: Desk;
let store: RunningStore;
let storeLog = '';
let ana: Spawned;
const dataDir = freshDataDir();
const consoleLog = () => readFileSync(logFiles(join(dataDir, 'console', 'logs'), 'engine').present, 'utf8');

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await createFixtureDesk(database.db);
  const sink = new Writable({
    write(chunk, _encoding, done) {
      storeLog += String(chunk);
      done();
    },
  });
  const at = { databaseUrl: database.url, host: '127.0.0.1', port: 0 };
  store = await startStore({ ...at, logger: pino({ level: 'info' }, sink) });
  ana = await spawnTestConsole(store.url, dataDir);
});
afterAll(async () => {
  await ana.console.stop();
  await store.stop();
  await database.drop();
});

test('11.6 C143 one act is found by its trace in the log of the console, in that of the store, and in the database', async () => {
  await ana.call('session.signIn', { user: desk.accounts.ana.user, password: desk.accounts.ana.password });
  await ana.until('connection.get', {}, ({ state }) => state === 'online');
  const input = {
    kind: 'incident' as const,
    subKind: 'software' as const,
    channel: 'phone' as const,
    mode: null,
    serviceId: desk.services.email,
    requester: { personId: desk.requester },
    orgUnitId: null,
    siteId: desk.sites.lima,
    subject: 'Palabra rarísima: quimbolito',
    description: 'Otra: zampoñero',
    impact: 'medium' as const,
    urgency: 'medium' as const,
    assetId: null,
  };
  const registered = await ana.call('acts.register', {
    requestId: randomUUID(),
    claim: false,
    resolveWith: null,
    clearDraft: null,
    input,
  });
  if (!registered.ok) throw new Error(registered.refusal.code);
  const { ticketId } = registered;
  const payload = { visibility: 'internal', text: 'Y esta: tucumano' };
  const { results } = await ana.call('acts.submit', {
    requestId: randomUUID(),
    atomic: true,
    acts: [{ ticketId, type: 'addNote', payload }],
    clearDraft: null,
  });
  if (results[0]?.ok !== true) throw new Error('the note was refused');
  const { commandId } = results[0];
  await ana.until('ticket.get', { ticketId }, (view) => view?.pendingActs === 0 && view.ticket.number !== null);

  const trace = commandId.replaceAll('-', '');
  const atConsole = linesOf(consoleLog()).filter((line) => line.trace === trace);
  expect(atConsole.map(({ event }) => event)).toEqual(expect.arrayContaining(['actSaved', 'actAnswered']));
  expect(atConsole.find(({ event }) => event === 'actAnswered')).toMatchObject({ verdict: 'applied' });

  const atStore = linesOf(storeLog);
  const [told] = atStore.filter((line) => line.msg === 'command' && line.trace === trace);
  expect(told).toMatchObject({ verdict: 'applied', replayed: false, ms: expect.any(Number) });
  // The push that brought it is named as the console named it: by the trace of its first act.
  const push = atStore.find((line) => line.msg === 'answered' && line.trace === told?.['push']);
  expect(push).toMatchObject({ route: '/sync/v1/push', status: 200 });
  expect(linesOf(consoleLog())).toContainEqual(expect.objectContaining({ event: 'pushSent', trace: told?.['push'] }));
  const { rows } = await database.db.pool.query("select 1 from commands where replace(id::text, '-', '') = $1", [
    trace,
  ]);
  expect(rows).toHaveLength(1);
});

test('11.4 neither log holds what was written', () => {
  for (const log of [storeLog, consoleLog()]) {
    expect(log.length).toBeGreaterThan(500);
    for (const word of ['quimbolito', 'zampoñero', 'tucumano', desk.accounts.ana.password]) {
      expect(log).not.toContain(word);
    }
  }
});
