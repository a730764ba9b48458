import type { BlobAnswer, BlobClientPort } from '../../src/core/ports/blob-client.ts';
import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import {
  type BlobShelf,
  createBlobLink,
  createMemoryBlobClient,
} from '../../test/support/console/memory-blob-client.ts';
import type { Link } from './link.ts';

/**
 * Files of attachments over the simulated network: a request is lost, late or doubled like any other, and what the store did of it stays
 * done, heard of or not. All processes of the store have the files in one place, which no restore of the database puts back.
 */
export function createBlobs(link: Link, files: BlobShelf, alive: () => boolean): BlobClientPort {
  const atStore = createMemoryBlobClient(files, createBlobLink(), () => null);
  async function ask<T>(
    token: string,
    work: () => Promise<Result<T, BlobAnswer>>,
  ): Promise<Result<T, BlobAnswer | StoreFailure>> {
    if (!alive()) return new Promise(() => {});
    const answer = await link.request('blob', (store) => store.routes().files(token, async () => ok(await work())));
    if (!alive()) return new Promise(() => {});
    return answer.ok ? answer.value : answer;
  }
  return {
    offer: (token, offered) => ask(token, () => atStore.offer(token, offered)),
    create: (token, file) => ask(token, () => atStore.create(token, file)),
    progress: (token, url) => ask(token, () => atStore.progress(token, url)),
    send: (token, url, offset, bytes, stopped) => ask(token, () => atStore.send(token, url, offset, bytes, stopped)),
    open: async () => err({ kind: 'notFound' }),
    async *download() {
      yield { kind: 'failed', failure: { kind: 'notFound' } };
    },
  };
}
