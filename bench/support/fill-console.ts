import Database from 'better-sqlite3';
import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import type { Connection } from '../../src/protocol/console/rows.ts';
import { spawnTestConsole } from '../../test/console-process/spawn.ts';
import { wholeQueue } from '../../test/support/console/whole-queue.ts';
import type { BenchAccount } from './desk.ts';

/**
 * A console with nothing: from the click on "Entrar" to the state "al día", and to the first row in the queue.
 * @param seen told of the connection at every page
 */
export async function fill(
  storeUrl: string,
  dataDir: string,
  account: BenchAccount,
  seen: (connection: Connection) => void = () => undefined,
) {
  const spawned = await spawnTestConsole(storeUrl, dataDir);
  try {
    const began = performance.now();
    const online = Promise.withResolvers<void>();
    const look = async () => {
      const connection = await spawned.call('connection.get', {});
      seen(connection);
      if (connection.state === 'online') online.resolve();
    };
    spawned.console.onNews((news) => {
      if (news.view === 'connection') void look();
    });
    await spawned.call('session.signIn', account);
    while ((await spawned.call('queue.window', wholeQueue)).rows.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const usableMs = performance.now() - began;
    await look();
    await online.promise;
    const ms = performance.now() - began;
    return { ms, usableMs, rows: countRows(profilePaths(dataDir, profileId(storeUrl, account.user)).cache) };
  } finally {
    await spawned.console.stop();
  }
}

/** Every row of a cache: tickets, whole timelines, directory. */
export function countRows(cachePath: string): number {
  const db = new Database(cachePath, { readonly: true });
  try {
    const count = (table: string) => db.prepare<[], { n: number }>(`select count(*) as n from ${table}`).get()?.n ?? 0;
    return count('tickets') + count('entries') + count('directory');
  } finally {
    db.close();
  }
}
