import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wholeQueue } from '../support/console/whole-queue.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';
import { callInput } from './call-input.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from './spawn.ts';

let store: TestStore;
let desk: Desk;
let url: string;
const open: Spawned[] = [];
const start = async (dataDir = freshDataDir()) => {
  const spawned = await spawnTestConsole(url, dataDir);
  open.push(spawned);
  return spawned;
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

const register = (subject: string) => callInput(desk, subject, true);

test('SY1 SY5 R14 the slice without a screen: sign in, fill, register, note, outcome, search', async () => {
  const ana = await start();
  expect(await ana.console.call('queue.window', wholeQueue)).toMatchObject({
    ok: false,
    error: { code: 'notSignedIn' },
  });
  await ana.call('session.signIn', { user: desk.accounts.ana.user, password: desk.accounts.ana.password });
  await ana.until('connection.get', {}, ({ state }) => state === 'online');

  const registered = await ana.call('acts.register', register('Contraseña vencida en Huánuco'));
  if (!registered.ok) throw new Error(registered.refusal.code);
  const { ticketId, provisionalCode } = registered;
  // At once, from the cache: before or after the store has answered.
  const shown = await ana.call('ticket.get', { ticketId });
  expect(shown?.ticket.subject).toBe('Contraseña vencida en Huánuco');

  const note = {
    ticketId,
    type: 'addNote' as const,
    payload: { visibility: 'internal', text: 'Ñandú llamó dos veces' },
  };
  await ana.call('acts.submit', { requestId: randomUUID(), atomic: true, acts: [note], clearDraft: null });
  // Answered comes before pulled: the number is the store's, and comes with the base.
  const settled = await ana.until(
    'ticket.get',
    { ticketId },
    (view) => view?.pendingActs === 0 && view.ticket.number !== null,
  );
  expect(settled?.ticket.number).toMatch(/^MDS-\d{4}-\d{6}$/);
  expect(settled?.entries.map(({ event, pending }) => [event.type, pending])).toEqual([
    ['registered', null],
    ['claimed', null],
    ['noteAdded', null],
  ]);
  await ana.until('outbox.list', {}, ({ items }) => items.length === 0);

  for (const text of ['contrasena huanuco', 'ORA-12541', 'ñandú', provisionalCode, settled?.ticket.number ?? '']) {
    const { rows } = await ana.call('queue.window', { ...wholeQueue, text });
    expect(
      rows.map(({ id }) => id),
      text,
    ).toContain(ticketId);
  }
  const mine = await ana.call('queue.window', { ...wholeQueue, view: 'mine' });
  expect(mine.rows[0]).toMatchObject({ id: ticketId, unread: false, pendingActs: 0, siteName: 'Sede Central' });
  expect((await ana.call('queue.counts', {})).open.mine).toBe(mine.total);
  expect((await ana.call('people.caller', { personId: desk.requester }))?.openTickets.map(({ id }) => id)).toContain(
    ticketId,
  );
  const directory = await ana.call('directory.get', {});
  expect(directory.sites.length).toBeGreaterThan(1);
  expect(
    (await ana.call('supervision.load', {})).rows.find(({ personId }) => personId === desk.accounts.ana.personId)?.open,
  ).toBe(mine.total);
});

test('SY4 another console sees the change, marked unread, and what changed while away', async () => {
  const dora = await start();
  await dora.call('session.signIn', { user: desk.accounts.dora.user, password: desk.accounts.dora.password });
  await dora.until('connection.get', {}, ({ state }) => state === 'online');
  const ana = open[0]!;
  const registered = await ana.call('acts.register', register('Impresora atascada'));
  if (!registered.ok) throw new Error(registered.refusal.code);
  const { ticketId } = registered;
  const { rows } = await dora.until('queue.window', { ...wholeQueue, view: 'changed' }, ({ total }) => total > 0);
  expect(rows.map(({ id, unread }) => [id, unread])).toContainEqual([ticketId, true]);
  const away = await dora.call('away.get', {});
  expect(away.rows.find(({ id }) => id === ticketId)?.changes.map(({ event }) => event.type)).toEqual([
    'registered',
    'claimed',
  ]);
  const view = await dora.call('ticket.get', { ticketId });
  await dora.call('ticket.markSeen', { ticketId, version: view?.ticket.version ?? 0 });
  expect((await dora.call('queue.counts', {})).unread).toBe(0);
});

test('threat 31 a second console on the same data refuses to start; the first goes on', async () => {
  const dataDir = freshDataDir();
  const first = await start(dataDir);
  await first.call('session.signIn', { user: desk.accounts.beto.user, password: desk.accounts.beto.password });
  await expect(spawnTestConsole(url, dataDir)).rejects.toMatchObject({ code: 'profileInUse' });
  expect((await first.call('session.get', {})).session?.user).toBe(desk.accounts.beto.user);
});

test('SY1 a console that starts again is signed in, with its queue, and goes on sending', async () => {
  const dataDir = freshDataDir();
  const first = await spawnTestConsole(url, dataDir);
  await first.call('session.signIn', { user: desk.accounts.ana.user, password: desk.accounts.ana.password });
  await first.until('connection.get', {}, ({ state }) => state === 'online');
  const { total } = await first.call('queue.window', wholeQueue);
  await first.console.stop();
  expect(first.fatal).toEqual([]);
  const again = await start(dataDir);
  expect((await again.call('session.get', {})).session?.user).toBe(desk.accounts.ana.user);
  expect((await again.call('queue.window', wholeQueue)).total).toBe(total);
  await again.until('connection.get', {}, ({ state }) => state === 'online');
});
