import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startPeerProcess } from '../../support/child.ts';

const serverModule = join(import.meta.dirname, 'server.ts');

export interface PouchServer {
  readonly url: string;
  load(what: { rows: string; layout: 'one' | 'collections'; prefix: string }): Promise<void>;
  /** Sequence of the last change of a database. */
  head(database: string): Promise<number>;
  /** Ids that came after a sequence, in their order. */
  arrivals(database: string, since: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** @param page folder of static files to serve under /page */
export async function startPouchServer(folder: string, page?: string): Promise<PouchServer> {
  const own = await mkdtemp(join(folder, 'pouch-server-'));
  const child = startPeerProcess(serverModule, page === undefined ? [own] : [own, page]);
  const url = z.string().parse(await child.call('listen'));
  return {
    url,
    async load(what) {
      await child.call('load', what);
    },
    head: async (database) => z.int().parse(await child.call('head', database)),
    arrivals: async (database, since) => z.array(z.string()).parse(await child.call('arrivals', { database, since })),
    stop: () => child.stop(),
  };
}
