import { type AddressInfo, createServer, type Server } from 'node:net';
import { v7 } from 'uuid';
import { afterEach, expect, it } from 'vitest';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { createStoreApp } from '../../src/store/create-store-app.ts';
import { openDatabase } from '../../src/store/db/pool.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A port that behaves like a database that is going away. */
const listen = (onConnection: Parameters<typeof createServer>[1]) =>
  new Promise<number>((resolve) => {
    const server = createServer(onConnection);
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const cases = {
  'refuses connections': async () => {
    const port = await listen(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    return port;
  },
  'cuts every connection': () => listen((socket) => socket.destroy()),
  'takes connections and says nothing': () => listen((socket) => socket.resume()),
};

it.each(Object.entries(cases))(
  '42 a database that %s answers 503 with a time to try again, never 500',
  async (_, start) => {
    const url = `postgres://u:p@127.0.0.1:${await start()}/x`;
    const db = openDatabase({ url, maxConnections: 2, onIdleError: () => undefined, firstAnswerMs: 300 });
    const news = { start() {}, stop: async () => {}, subscribe: () => () => {}, of: () => null };
    const app = await createStoreApp(
      { db, passwords: createPasswords(), news, now: Date.now, newId: () => v7(), trialAccounts: [] },
      false,
    );
    const payload = { user: 'ana', password: 'x', device: { id: null, name: '' } };
    for (const answer of [
      await app.inject({ method: 'POST', url: '/auth/v1/sign-in', payload }),
      await app.inject({ method: 'GET', url: '/readyz' }),
    ]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([503, { error: { code: 'unavailable' } }]);
      expect(answer.headers['retry-after']).toBe('2');
    }
    expect((await app.inject({ method: 'GET', url: '/healthz' })).statusCode).toBe(200);
    await app.close();
    await db.close();
  },
);
