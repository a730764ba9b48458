import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from './spawn.ts';

/** Each is written in one place, and must be found in no report and in no log. */
const planted = {
  subject: 'qhapaqsubject',
  description: 'qhapaqdescription',
  requester: 'qhapaqrequester',
  note: 'qhapaqnote',
  refused: 'qhapaqrefused',
  draft: 'qhapaqdraft',
  search: 'qhapaqsearch',
  wrongPassword: 'qhapaqpassword',
  wrongUser: 'qhapaquser',
};
let store: TestStore;
let desk: Desk;
let url: string;
const open: Spawned[] = [];
const start = async (dataDir: string) => {
  const spawned = await spawnTestConsole(url, dataDir);
  open.push(spawned);
  return spawned;
};
/** The whole report as it leaves the console. */
const reportOf = async (at: Spawned) => ({
  states: await at.call('support.states', {}),
  files: await at.call('support.files', {}),
});
const logsIn = (dataDir: string) => {
  const folder = join(dataDir, 'console', 'logs');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
};

beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await Promise.all(open.map(({ console }) => console.stop()));
  await store.close();
});

test('C140 C141 nothing that anybody wrote is in a report or in a log: ticket, note, draft, names, searches, passwords', async () => {
  const dataDir = freshDataDir();
  const ana = await start(dataDir);
  const { user, password } = desk.accounts.ana;
  await ana.console.call('session.signIn', { user: planted.wrongUser, password: planted.wrongPassword });
  await ana.call('session.signIn', { user, password });
  await ana.until('connection.get', {}, ({ state }) => state === 'online');
  const registered = await ana.call('acts.register', {
    requestId: randomUUID(),
    claim: true,
    resolveWith: null,
    clearDraft: null,
    input: {
      kind: 'incident',
      subKind: 'software',
      channel: 'phone',
      mode: null,
      serviceId: desk.services.email,
      requester: { unlisted: { name: planted.requester, unit: '', site: '', extension: '' } },
      orgUnitId: null,
      siteId: desk.sites.lima,
      subject: planted.subject,
      description: planted.description,
      impact: 'medium',
      urgency: 'medium',
      assetId: null,
    },
  });
  if (!registered.ok) throw new Error(registered.refusal.code);
  const { ticketId } = registered;
  const act = (type: 'addNote' | 'resolve', payload: unknown) =>
    ana.call('acts.submit', {
      requestId: randomUUID(),
      atomic: false,
      acts: [{ ticketId, type, payload }],
      clearDraft: null,
    });
  await act('addNote', { visibility: 'internal', text: planted.note });
  await act('resolve', { solution: planted.refused, nonsense: planted.refused });
  await ana.call('drafts.save', { key: `note:${ticketId}`, ticketId, content: { text: planted.draft } });
  await ana.console.call('search.store', { text: planted.search });
  await ana.console.call('queue.window', { text: `"${planted.search}` });
  await ana.until('ticket.get', { ticketId }, (view) => view?.pendingActs === 0 && view.ticket.number !== null);

  const report = await reportOf(ana);
  // It is the report of this console: what it tells is true.
  expect(report.states).toMatchObject({ store: url, versions: { contract: expect.any(Number) } });
  expect(report.states.profiles).toMatchObject([
    {
      active: true,
      sync: { ok: true, sessionAlive: true, connection: { state: 'online', pendingActs: 0 } },
      outbox: { ok: true, unanswered: 0, drafts: 1 },
      base: { ok: true, caughtUp: true, cursor: expect.any(Number) },
    },
  ]);
  const [files] = report.files.profiles;
  expect(files?.profile).toBe(report.states.profiles[0]?.profile);
  expect(files?.outbox).toMatchObject({ ok: true, sound: true, rows: { drafts: 1, 'commands:applied': 3 } });
  expect(files?.cache).toMatchObject({ ok: true, rows: { tickets: expect.any(Number) } });
  expect(files?.files.map(({ name }) => name)).toEqual(expect.arrayContaining(['outbox.db', 'cache.db']));
  const engine = report.files.logs.find(({ component }) => component === 'engine');
  expect(engine?.lines.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['actSaved', 'pushSent', 'actAnswered']),
  );
  expect(report.files.logs.map(({ leftOut }) => leftOut)).toEqual([0, 0, 0]);

  const everything = [JSON.stringify(report), ...logsIn(dataDir)].join('\n').toLowerCase();
  const secrets = { ...planted, user, password, dataDir };
  for (const [what, word] of Object.entries(secrets)) expect(everything, what).not.toContain(word.toLowerCase());
});

test('C142 a report is made with nobody signed in, the store away, and both files damaged', async () => {
  const dataDir = freshDataDir();
  const before = await start(dataDir);
  await before.call('session.signIn', { user: desk.accounts.beto.user, password: desk.accounts.beto.password });
  await before.until('connection.get', {}, ({ state }) => state === 'online');
  await before.console.stop();
  const folder = join(dataDir, 'console', 'profiles', readdirSync(join(dataDir, 'console', 'profiles'))[0] ?? '');

  const away = await spawnTestConsole('http://127.0.0.1:9', dataDir);
  open.push(away);
  expect((await reportOf(away)).states).toMatchObject({ store: 'http://127.0.0.1:9' });
  // Under the feet of the running console, as a failing disk would.
  truncateSync(join(folder, 'cache.db'), 0);
  writeFileSync(join(folder, 'outbox.db'), 'this is no database, and it says qhapaqbytes'.repeat(400));
  const report = await reportOf(away);
  expect(report.files.profiles[0]).toMatchObject({ outbox: { ok: false, fault: { code: 'SQLITE_NOTADB' } } });
  expect(JSON.stringify(report)).not.toContain('qhapaq');

  const nobody = await start(freshDataDir());
  expect(await reportOf(nobody)).toMatchObject({ states: { profiles: [] }, files: { profiles: [] } });
});

test('C141 a line that this program did not write never leaves with a report', async () => {
  const dataDir = freshDataDir();
  const ana = await start(dataDir);
  const log = join(dataDir, 'console', 'logs', 'reader.log');
  expect(readFileSync(log, 'utf8')).toContain('"event":"started"');
  writeFileSync(log, 'free words\n{"event":"odd one","text":"two words"}\n{"event":"fine","n":1}\n');
  const { files } = await reportOf(ana);
  const reader = files.logs.find(({ component }) => component === 'reader');
  expect(reader).toMatchObject({ leftOut: 2, lines: [{ event: 'fine', n: 1 }] });
});
