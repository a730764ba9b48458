import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { wholeQueue } from '../support/console/whole-queue.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';
import { callInput } from './call-input.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from './spawn.ts';

let store: TestStore;
let desk: Desk;
let url: string;
const open: Spawned[] = [];
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  url = await store.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await Promise.all(open.map(({ console }) => console.stop()));
  await store.close();
});

/** Every page of the file becomes noise, as a failing disk would leave it. */
function ruin(path: string): void {
  const file = openSync(path, 'r+');
  const noise = Buffer.alloc(8_192, 0xa5);
  const { size } = fstatSync(file);
  for (let at = 0; at < size; at += noise.length) writeSync(file, noise, 0, noise.length, at);
  closeSync(file);
}

test('SY1 SY5 threat 28: a cache that is damaged under a running console is built anew, and what was saved is shown and sent', async () => {
  const dataDir = freshDataDir();
  const ana = await spawnTestConsole(url, dataDir);
  open.push(ana);
  const { user, password } = desk.accounts.ana;
  await ana.call('session.signIn', { user, password });
  await ana.until('connection.get', {}, ({ state }) => state === 'online');
  const registered = await ana.call('acts.register', callInput(desk, 'Disco que falla', true));
  if (!registered.ok) throw new Error(registered.refusal.code);
  await ana.until('connection.get', {}, ({ pendingActs }) => pendingActs === 0);

  const { cache } = profilePaths(dataDir, profileId(url, user));
  for (const path of [cache, `${cache}-wal`]) ruin(path);
  // So small a file is in memory whole; whoever signs in again has it opened anew.
  await ana.call('session.signOut', { erase: false });
  await ana.call('session.signIn', { user, password });
  // Whoever asks first may meet it; nobody has to start the console again.
  const asked = { ...wholeQueue, sort: { by: 'subject', dir: 'asc' } } as const;
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ana.console.call('queue.window', asked);
    if (answer.ok && JSON.stringify(answer.value).includes('Disco que falla')) break;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const note = { visibility: 'internal', text: 'Se cambia el disco' };
  await ana.call('acts.submit', {
    requestId: randomUUID(),
    atomic: true,
    acts: [{ ticketId: registered.ticketId, type: 'addNote', payload: note }],
    clearDraft: null,
  });
  const { notices } = await ana.until(
    'connection.get',
    {},
    ({ pendingActs, state }) => pendingActs === 0 && state === 'online',
  );
  expect(notices.map(({ kind }) => kind)).toContain('cacheRebuilt');
  const view = await ana.call('ticket.get', { ticketId: registered.ticketId });
  expect(JSON.stringify(view)).toContain('Se cambia el disco');
  expect(ana.fatal).toEqual([]);
});
