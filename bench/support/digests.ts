import Database from 'better-sqlite3';
import type { RowDigest } from '../../src/core/ports/cache.ts';
import { differingGroups, groupDigests } from '../../src/core/sync/digest-compare.ts';
import { createDigestReader } from '../../src/platform-node/cache-digests.ts';
import { createMetaStore } from '../../src/platform-node/cache-meta.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import type { BenchAccount } from './desk.ts';

const PIECE = 10_000;

/**
 * How many groups of digests differ between the text that lies in a console's cache file and what the store gives to a session of the same person;
 * those that are moving count as differing. Looked at from outside: the console is stopped, the desk at rest.
 */
export async function digestsDiffer(storeUrl: string, account: BenchAccount, cachePath: string): Promise<number> {
  const client = createStoreClient(storeUrl);
  const db = new Database(cachePath, { readonly: true });
  try {
    const signedIn = await client.signIn({ ...account, deviceId: null, deviceName: 'bench' });
    if (!signedIn.ok) throw new Error(`the store takes no sign-in: ${signedIn.error.kind}`);
    const { accessToken, session } = signedIn.value;
    const { epoch, cursor, logHash } = createMetaStore(db).get();
    if (epoch === null || cursor === null) throw new Error('the cache stands nowhere');
    const place = { epoch, cursor, logHash: logHash ?? undefined, scopeVersion: session.scopeVersion };
    const answer = await client.digest(accessToken, { protocol: PROTOCOL_VERSION, ...place });
    if (!answer.ok) throw new Error(`the store gives no digests: ${answer.error.kind}`);
    const nothing = { tickets: new Set<string>(), directory: new Set<never>() };
    const groups = differingGroups(groupDigests(held(db)), answer.value, nothing);
    const { moving, movingDirectory } = answer.value;
    return groups.buckets.length + groups.directory.length + moving.length + movingDirectory.length;
  } finally {
    db.close();
    client.close();
  }
}

function* held(db: Database.Database): Generator<RowDigest> {
  const read = createDigestReader(db);
  for (let after: string | null = null; ; ) {
    const { rows, next } = read(after, PIECE);
    yield* rows;
    if (next === null) return;
    after = next;
  }
}
