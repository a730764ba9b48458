import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { createNewsHub, type NewsHub } from '../../src/store/changes/news-hub.ts';
import { createStoreApp } from '../../src/store/create-store-app.ts';
import type { Database } from '../../src/store/db/pool.ts';
import type { StoreDeps } from '../../src/store/store-deps.ts';
import type { FixtureAccount } from './desk-fixture.ts';
import { createDeviceClient, type DeviceClient, type SendRequest } from './device-client.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/** A clock that a test may set; runs on its own until then. */
export interface TestClock {
  offset: number;
  now(): number;
}
export const createTestClock = (): TestClock => ({
  offset: 0,
  now() {
    return Date.now() + this.offset;
  },
});

export interface TestStore {
  readonly db: Database;
  readonly url: string;
  readonly clock: TestClock;
  readonly app: FastifyInstance;
  readonly send: SendRequest;
  /** Another store process over the same database. */
  another(over?: Partial<StoreDeps>): Promise<{ app: FastifyInstance; send: SendRequest }>;
  signIn(account: Pick<FixtureAccount, 'user' | 'password'>): Promise<DeviceClient>;
  close(): Promise<void>;
}

const sender =
  (app: FastifyInstance): SendRequest =>
  async ({ method = 'POST', path, body, token, headers }) => {
    const response = await app.inject({
      method,
      url: path,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: response.statusCode, text: response.body, headers: response.headers };
  };

/** The store in process over a fresh database, or the one given; requests go in by `inject`, with no port. */
export async function startTestStore(
  options: { lookEveryMs?: number; maxConnections?: number; database?: TestDatabase } = {},
): Promise<TestStore> {
  const database = options.database ?? (await createTestDatabase(options.maxConnections));
  const clock = createTestClock();
  const apps: { app: FastifyInstance; news: NewsHub }[] = [];
  const start = async (over: Partial<StoreDeps> = {}) => {
    const news = createNewsHub({
      db: database.db,
      url: database.url,
      lookEveryMs: options.lookEveryMs ?? 5_000,
      onTrouble: () => undefined,
    });
    const deps: StoreDeps = {
      db: database.db,
      passwords: createPasswords(),
      news,
      now: () => clock.now(),
      newId: () => v7(),
      trialAccounts: [],
      ...over,
    };
    const app = await createStoreApp(deps, false);
    news.start();
    apps.push({ app, news });
    return { app, send: sender(app) };
  };
  const { app, send } = await start();
  return {
    db: database.db,
    url: database.url,
    clock,
    app,
    send,
    another: start,
    signIn: (account) => createDeviceClient(send, account),
    close: async () => {
      for (const one of apps) {
        await one.app.close();
        await one.news.stop();
      }
      await database.drop();
    },
  };
}
