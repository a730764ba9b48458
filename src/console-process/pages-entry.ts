import { parentPort, workerData } from 'node:worker_threads';
import { readPage } from '../platform-node/store-client/read-page.ts';
import { createTransport } from '../platform-node/store-client/transport.ts';
import { servePages } from './serve-pages.ts';
import type { PagesOptions } from './wire.ts';

// The reader of pages: lives while a fill runs, fetches what the engine asks for, parses and checks it beside the engine's thread.
if (parentPort !== null) {
  const { storeUrl }: PagesOptions = workerData;
  const transport = createTransport(storeUrl);
  servePages(parentPort, (token, request, terms) => readPage(transport, token, request, terms));
}
