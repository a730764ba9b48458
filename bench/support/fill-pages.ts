import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { servePages } from '../../src/console-process/serve-pages.ts';
import type { PagesOptions } from '../../src/console-process/wire.ts';
import { readPage } from '../../src/platform-node/store-client/read-page.ts';
import { createTransport } from '../../src/platform-node/store-client/transport.ts';

// The product's reader of pages, which says each page that it has received whole: before the engine is given it.
if (parentPort !== null) {
  const { storeUrl }: PagesOptions = workerData;
  const transport = createTransport(storeUrl);
  servePages(parentPort, async (token, request, terms) => {
    const page = await readPage(transport, token, request, terms);
    if (page.ok) writeSync(1, `page ${request.entity} ${request.after ?? 'first'}\n`);
    return page;
  });
}
