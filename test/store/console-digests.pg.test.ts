import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CachePort, RowDigest } from '../../src/core/ports/cache.ts';
import { differingGroups, differingRows, groupDigests } from '../../src/core/sync/digest-compare.ts';
import { nextPage } from '../../src/core/sync/first-fill.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import type { Result } from '../../src/shared/result.ts';
import { freshDir } from '../platform-node/fixtures.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

/** The store's sums and the console's, each from its own rows, over the wire between them. */
let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
let client: ReturnType<typeof createStoreClient>;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  client = createStoreClient(await store.app.listen({ port: 0, host: '127.0.0.1' }));
  ana = await store.signIn(desk.accounts.ana);
});
afterAll(async () => {
  client.close();
  await store.close();
});

function must<T>(result: Result<T, { readonly kind?: string; readonly code?: string }>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
const none = { tickets: new Set<string>(), directory: new Set<never>() };
const digestsOf = (cache: CachePort): RowDigest[] => [...cache.digests(null, 100_000).rows];
const token = () => ana.tokens.accessToken;
const scope = () => ana.tokens.session.scopeVersion;

async function filled(): Promise<{ cache: CachePort; cursor: number; epoch: string }> {
  const cache = must(openCacheFile(join(freshDir(), 'cache.db'))).port;
  must(cache.transaction((tx) => tx.beginFill()));
  let key: ReturnType<typeof nextPage> = { entity: 'site', after: null };
  let pin: { seq: number; epoch: string } | null = null;
  while (key !== null) {
    const request = { protocol: PROTOCOL_VERSION, ...key, scopeVersion: scope(), limit: 7 };
    const page = must(await client.snapshot(token(), request));
    pin ??= page.pin;
    must(cache.transaction((tx) => tx.fill(page.rows)));
    key = nextPage({ entity: key.entity, after: page.end.after });
  }
  must(cache.transaction((tx) => tx.endFill()));
  if (pin === null) throw new Error('no pin');
  return { cache, cursor: pin.seq, epoch: pin.epoch };
}

it('SY4: after a fill and a pull the digests of both sides agree; a difference is found and mended by its rows', async () => {
  const tickets = Array.from({ length: 12 }, () => v7());
  for (const [at, id] of tickets.entries()) {
    await ana.push(
      ana.command('register', id, { ...registerPayload(desk), subject: `Nº ${at}: señal "网络" 🐦\\ \u2028` }),
      ana.command('addNote', id, { visibility: 'public', text: `línea 1\nlínea 2 de ${at}` }),
    );
  }
  const { cache, cursor: pin, epoch } = await filled();
  const [first = '', second = ''] = tickets;
  await ana.push(
    ana.command('claim', first, {}),
    ana.command('addNote', second, { visibility: 'public', text: 'más' }),
  );
  let cursor = pin;
  for await (const part of client.pull(token(), {
    protocol: PROTOCOL_VERSION,
    epoch,
    cursor: pin,
    scopeVersion: scope(),
    limit: 1_000,
  })) {
    if (part.kind === 'failed') throw new Error(part.failure.kind);
    if (part.kind === 'end') cursor = part.cursor;
    else
      must(cache.transaction((tx) => tx.upsert(part.changes.flatMap((change) => ('up' in change ? [change.up] : [])))));
  }
  expect(cursor).toBeGreaterThan(pin);
  const standing = { protocol: PROTOCOL_VERSION, epoch, cursor, scopeVersion: scope() };
  const compare = async () => {
    const local = groupDigests(digestsOf(cache));
    return { local, groups: differingGroups(local, must(await client.digest(token(), standing)), none) };
  };
  expect((await compare()).groups).toEqual({ buckets: [], directory: [] });
  expect(digestsOf(cache).filter(({ e }) => e === 'ticket')).toHaveLength(12);

  const before = digestsOf(cache);
  must(
    cache.transaction((tx) => {
      tx.removeTicket(first);
      tx.removeDirectoryRow('site', desk.sites.lima);
    }),
  );
  const { local, groups } = await compare();
  expect([groups.buckets.length, groups.directory]).toEqual([1, ['site']]);
  const asked = { buckets: [...groups.buckets], directory: [...groups.directory] };
  const rows = must(await client.digestRows(token(), { ...standing, ...asked }));
  const found = differingRows(local, asked, rows, none);
  expect(found).toEqual({ fetch: expect.arrayContaining([{ e: 'ticket', id: first }]), extra: [] });
  const sent = must(await client.rows(token(), { ...standing, rows: [...found.fetch] }));
  must(cache.transaction((tx) => tx.upsert(sent)));
  expect(new Set(digestsOf(cache).map(({ id, x }) => id + x))).toEqual(new Set(before.map(({ id, x }) => id + x)));

  // What changes after the cursor is said to move, and its rows are not sent.
  await ana.push(ana.command('addNote', second, { visibility: 'public', text: 'después' }));
  expect((await compare()).groups).toEqual({ buckets: [], directory: [] });
  expect(must(await client.rows(token(), { ...standing, rows: [{ e: 'ticket', id: second }] }))).toEqual([]);
});
